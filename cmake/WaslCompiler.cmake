# Warnings, hardening and sanitizers, each flag only where the compiler has it.
include(CheckCCompilerFlag)
include(CheckLinkerFlag)

add_compile_definitions(_GNU_SOURCE)
include_directories(${CMAKE_SOURCE_DIR}/src)

set(wasl_warnings -Wall -Wextra -Wshadow -Wpointer-arith -Wcast-align -Wwrite-strings
  -Wmissing-prototypes -Wstrict-prototypes -Wold-style-definition -Wundef -Wvla
  -Wformat=2 -Wimplicit-fallthrough -Wnull-dereference -Wduplicated-cond -Wlogical-op)
set(wasl_hardening -U_FORTIFY_SOURCE -fstack-protector-strong -fstack-clash-protection
  -fcf-protection=full -ftrivial-auto-var-init=zero -fPIE)
if(NOT WASL_SANITIZE)
  list(APPEND wasl_hardening -D_FORTIFY_SOURCE=3)
endif()

function(wasl_flag_if_known flag)
  string(MAKE_C_IDENTIFIER "have${flag}" known)
  check_c_compiler_flag(${flag} ${known})
  if(${known})
    add_compile_options(${flag})
  endif()
endfunction()

foreach(flag ${wasl_warnings} ${wasl_hardening})
  wasl_flag_if_known(${flag})
endforeach()
if(WASL_WERROR)
  add_compile_options(-Werror)
endif()

check_linker_flag(C "LINKER:-z,relro,-z,now" wasl_have_relro)
if(wasl_have_relro)
  add_link_options("LINKER:-z,relro,-z,now")
endif()
add_link_options($<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie>)

if(WASL_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(WASL_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
elseif(WASL_SANITIZE)
  message(FATAL_ERROR "WASL_SANITIZE is '${WASL_SANITIZE}': say address or thread")
endif()

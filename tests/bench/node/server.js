// A check-in of four levels with ussd-menu-builder behind express, as its README shows, but for one
// thing: a menu of its own for every request, because one that is shared mixes callers up as soon as
// a step waits. Nothing is written anywhere. Says its port on the first line.
'use strict';

const express = require('express');
const UssdMenu = require('ussd-menu-builder');

function menuOfCall() {
	const menu = new UssdMenu();

	menu.startState({
		run: () => menu.con('Bonjour.\n1. Ma semaine\n2. Un besoin\n3. Projet\n4. Travail\n8. Urgent'),
		next: { 1: 'mood' },
	});
	menu.state('mood', {
		run: () => menu.con('Comment allez-vous cette semaine ?\n1. Bien\n2. Moyen\n3. Besoin d\'aide'),
		next: { '*[1-3]': 'housing' },
	});
	menu.state('housing', {
		run: () => menu.con('Votre logement ?\n1. Stable\n2. Fragile\n3. Aucun\n0. Retour'),
		next: { '*[1-3]': 'days' },
	});
	menu.state('days', {
		run: () => menu.con('Jours travailles ?\n1. 0\n2. 1 ou 2\n3. 3 a 5\n4. 6 ou 7\n0. Retour'),
		next: { '*[1-4]': 'thanks' },
	});
	menu.state('thanks', {
		run: () => menu.end('Merci. Votre reponse est notee. A la semaine prochaine.'),
	});
	return menu;
}

const app = express();
app.use(express.urlencoded({ extended: false }));
app.post(/.*/, (req, res) => {
	menuOfCall().run(req.body, (page) => res.type('text/plain').send(page));
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));

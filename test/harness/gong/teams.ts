import { callIdAt, userIdAt } from './ids';
import { type GongData, makeData } from './data';

const LEVELS = ['all', 'report-to-them', 'managers-team', 'own'] as const;
const PROFILES = 12;
const REPORTS = 4;

/**
 * A company where people can see calls by every way that Explain looks at by default: managers with four reports
 * each, twelve permission profiles, two participants, a mention and an API-given access on each call.
 */
export function companyOfTeams(calls: number, peopleCount: number): GongData {
	const people = Array.from({ length: peopleCount }, (_, place) => userIdAt(place));
	const at = (place: number) => people[place % peopleCount];
	return makeData({
		users: people.map((id, place) => ({
			id,
			managerId: place === 0 ? null : people[Math.floor((place - 1) / REPORTS)],
		})),
		calls: Array.from({ length: calls }, (_, place) => ({
			id: callIdAt(place),
			primaryUserId: at(place),
			parties: [at(place), at(7 * place)],
			users: [at(3 * place)],
			comments: [`@[Somebody](${at(5 * place)}) have a look`],
		})),
		profiles: Array.from({ length: PROFILES }, (_, nth) => ({
			id: String(nth + 1),
			callsAccess: { permissionLevel: LEVELS[nth % LEVELS.length] },
			users: people.filter((__, place) => place % PROFILES === nth),
		})),
	});
}

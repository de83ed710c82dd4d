import { callIdAt, type CallInput, type GongData, makeData, userIdAt } from '../../harness/gong';
import type { ProfileInput } from '../../harness/gong';
import { Dice } from '../../harness/judging/seeded';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const NEVER = Infinity;
// Longer than any example looks back; what is older would only make the local Gong slow.
const KEPT_DAYS = 70;
const KNOWN_BY_NOBODY = '9999-01-01T00:00:00Z';

/** The first two of the company see every call that is not private; the others see their own. */
export function twoLeaders(people: readonly LivedPerson[]): ProfileInput[] {
	const ids = people.map(({ id }) => id);
	const own = { permissionLevel: 'own' } as const;
	return [
		{ id: '51', name: 'Leadership', users: ids.slice(0, 2) },
		{ id: '52', name: 'Sales', callsAccess: own, users: ids.slice(2) },
	];
}

/**
 * The evening of a day after which a week or a month begins, in UTC; undefined for other days. A call of that evening
 * that comes late comes after the week or the month was reported.
 */
function eveningBefore(day: number): number | undefined {
	const midnight = day - (day % DAY);
	const next = new Date(midnight + DAY);
	const isLast = next.getUTCDay() === 1 || next.getUTCDate() === 1;
	return isLast ? Math.max(day, midnight + 20 * HOUR) : undefined;
}

/** Access that somebody is given through the API, from one moment to another. */
export interface Grant {
	readonly callId: string;
	readonly userId: string;
	readonly from: number;
	readonly to: number;
}

/** A call with all that ever happens to it; moments are in ms since 1970. */
export interface LivedCall {
	readonly id: string;
	readonly started: number;
	/** When Gong's lists begin to have it: half an hour after it began, or half a day. */
	readonly listedFrom: number;
	/** From when on Gong lists it and does not know it when it is asked. */
	readonly vanishedFrom: number;
	/** From when on Gong does not list it either. */
	readonly goneFrom: number;
	readonly renamedAt: number;
	readonly titles: readonly [string, string];
	readonly hostId: string;
	readonly isPrivate: boolean;
	readonly grants: readonly Grant[];
}

/** Somebody of the company, from the day on which they join to the one on which they leave. */
export interface LivedPerson {
	readonly id: string;
	readonly name: string;
	readonly joined: number;
	readonly left: number;
}

export interface CompanyYearOptions {
	readonly seed: number;
	readonly from: number;
	readonly to: number;
	readonly callsPerDay: number;
	/** Default: half a day. Calls that come late come this much after they began. */
	readonly late?: number;
	/** Permission profiles, made of all who are ever there. */
	readonly profiles?: (people: readonly LivedPerson[]) => ProfileInput[];
}

/**
 * A company over a long time, the same for the same seed: calls that come late, are renamed, vanish and go, people
 * who join and leave, access that is given, taken away and given again. What the local Gong knows at a moment is
 * made of it, and so is what truly happened.
 */
export class CompanyYear {
	readonly people: readonly LivedPerson[];
	readonly calls: readonly LivedCall[];
	private readonly dice: Dice;

	constructor(private readonly options: CompanyYearOptions) {
		this.dice = new Dice(options.seed);
		this.people = this.makePeople();
		this.calls = this.makeCalls();
	}

	/** All that was ever given. */
	get grants(): readonly Grant[] {
		return this.calls.flatMap(({ grants }) => grants);
	}

	/** The name of a user, as people read it. */
	nameOf(userId: string): string {
		return this.people.find(({ id }) => id === userId)?.name ?? '';
	}

	/** What people read of a call at this moment. */
	titleAt({ titles, renamedAt }: LivedCall, time: number): string {
		return titles[time < renamedAt ? 0 : 1];
	}

	/** The grants that Gong tells of at this moment, if it is asked about all calls. */
	standing(time: number): readonly Grant[] {
		return this.calls
			.filter(({ listedFrom, vanishedFrom }) => listedFrom <= time && time < vanishedFrom)
			.flatMap(({ grants }) => grants.filter(({ from, to }) => from <= time && time < to));
	}

	/** The company as the local Gong has it at this moment. */
	dataAt(time: number): GongData {
		const there = this.people.filter(({ joined }) => joined <= time);
		const users = there.map(({ id, name, left }) => {
			const [firstName, lastName] = name.split(' ');
			return { id, firstName, lastName, active: time < left };
		});
		const calls = this.calls
			.filter(({ started }) => time - KEPT_DAYS * DAY <= started)
			.filter(({ listedFrom, goneFrom }) => listedFrom <= time && time < goneFrom)
			.map((call): CallInput => {
				const { id, started, vanishedFrom, hostId, isPrivate, grants } = call;
				const given = grants.filter(({ from, to }) => from <= time && time < to);
				return {
					id,
					title: this.titleAt(call, time),
					started: new Date(started).toISOString(),
					primaryUserId: hostId,
					isPrivate,
					users: given.map(({ userId }) => userId),
					...(vanishedFrom <= time
						? { knownFrom: { details: KNOWN_BY_NOBODY, access: KNOWN_BY_NOBODY } }
						: {}),
				};
			});
		const profiles = this.options.profiles?.(there);
		return makeData({ users, calls, profiles }, time);
	}

	private makePeople(): LivedPerson[] {
		const { from, to } = this.options;
		const people: LivedPerson[] = [];
		const add = (joined: number) => {
			const place = people.length;
			const left = this.dice.chance(2) ? joined + this.dice.between(30 * DAY, 200 * DAY) : NEVER;
			people.push({ id: userIdAt(place), name: `Person N${place}`, joined, left });
		};
		while (people.length < 10) add(from);
		for (let day = from; day < to; day += this.dice.between(10 * DAY, 40 * DAY)) add(day);
		return people;
	}

	private makeCalls(): LivedCall[] {
		const { from, to, callsPerDay } = this.options;
		const calls: LivedCall[] = [];
		for (let day = from; day < to; day += DAY) {
			for (let nth = 0; nth < callsPerDay; nth++) {
				const id = callIdAt(calls.length);
				const started = day + this.dice.between(0, DAY);
				const evening = nth === 0 ? eveningBefore(day) : undefined;
				const call =
					evening === undefined
						? this.makeCall(id, started)
						: this.makeCall(id, evening + this.dice.between(0, 3 * HOUR), true);
				calls.push(call);
			}
		}
		return calls;
	}

	private makeCall(id: string, started: number, comesLate = this.dice.chance(6)): LivedCall {
		const { late = DAY / 2 } = this.options;
		const listedFrom = started + (comesLate ? late : HOUR / 2);
		const goneFrom = this.dice.chance(12) ? listedFrom + this.dice.between(HOUR, 15 * DAY) : NEVER;
		// What goes has often vanished some days before.
		const vanishedFrom = this.dice.chance(2) ? goneFrom - this.dice.between(0, 3 * DAY) : goneFrom;
		const there = this.people.filter(({ joined, left }) => joined <= started && started < left);
		const host = there[this.dice.between(0, there.length)];
		const others = there.filter((person) => person !== host);
		const users = others.filter(() => this.dice.chance(6)).slice(0, 4);
		return {
			id,
			started,
			listedFrom,
			vanishedFrom,
			goneFrom,
			renamedAt: this.dice.chance(8) ? listedFrom + this.dice.between(0, 10 * DAY) : NEVER,
			titles: [`Call ${id.slice(0, 6)}`, `Call ${id.slice(0, 6)}, renamed`],
			hostId: host.id,
			isPrivate: this.dice.chance(10),
			grants: users.flatMap((user) => this.makeGrants(id, user.id, started)),
		};
	}

	private makeGrants(callId: string, userId: string, started: number): Grant[] {
		const from = started + this.dice.between(0, 2 * DAY);
		if (!this.dice.chance(5)) return [{ callId, userId, from, to: NEVER }];
		const to = from + this.dice.between(HOUR, 8 * DAY);
		const first = { callId, userId, from, to };
		if (!this.dice.chance(2)) return [first];
		// Taken away by mistake, and given again.
		return [first, { callId, userId, from: to + this.dice.between(HOUR, 3 * DAY), to: NEVER }];
	}
}

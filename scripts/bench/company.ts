import { type GongData, manyCalls } from '../../test/harness/gong';

/** Users of each call in the local Gong. */
export const USERS_PER_CALL = 4;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// 150 calls a working day, from 8:00 to 18:00 UTC. Even spacing would suit a node that cuts a period by time.
const CALLS_A_DAY = 150;
const LAST_CALL_AT = 18 * HOUR;
const APART = 4 * MINUTE;

/** A company with calls in the office hours of weekdays up to yesterday, the newest first. */
export function companyOf(calls: number): GongData {
	const data = manyCalls(calls, USERS_PER_CALL);
	const times = officeTimes(calls);
	return {
		...data,
		calls: data.calls.map((call, place) => ({
			...call,
			started: times[place],
			scheduled: times[place],
		})),
	};
}

/** The period in which exactly the newest calls of a company took place. */
export function periodOf({ calls }: GongData, newest: number): { from: string; to: string } {
	return {
		from: calls[newest - 1].started,
		to: new Date(Date.parse(calls[0].started) + MINUTE).toISOString(),
	};
}

function officeTimes(count: number): string[] {
	const today = Math.floor(Date.now() / DAY) * DAY;
	const times: string[] = [];
	for (let day = 1; times.length < count; day++) {
		const lastCall = today - day * DAY + LAST_CALL_AT;
		const isWeekend = [0, 6].includes(new Date(lastCall).getUTCDay());
		for (let nth = 0; !isWeekend && nth < CALLS_A_DAY; nth++) {
			times.push(new Date(lastCall - nth * APART).toISOString());
		}
	}
	return times.slice(0, count);
}

// A false alarm stops a run of good IDs, and nobody could mend that: in fewer than one run in a hundred.
const MOST_BY_CHANCE = Math.log(0.03);

/**
 * The IDs that have most likely lost digits, because they were JavaScript numbers before they were text.
 *
 * One real ID looks so now and then, one of 19 digits once in a thousand. So at least two must, and more of them
 * than chance explains: of 10,000 real IDs about ten do.
 *
 * @param lists the IDs of a run as {@link readIds} gives them, such as those of calls and those of users: each list
 * is judged by itself, and all of them together
 * @returns each once, in the order given; empty where nothing speaks against the IDs
 */
export function lostDigits(...lists: Iterable<string>[]): string[] {
	const sets = lists.map((list) => new Set(list));
	const all = new Set(sets.flatMap((set) => [...set]));
	const lost = [...sets, all].flatMap(lostOf);
	return [...new Set(lost)];
}

/** Whether an ID is one that a JavaScript number gives when it is turned into text after it lost digits. */
export function mayHaveLostDigits(id: string): boolean {
	// JavaScript prints at most 17 digits of such a number, and zeros after them.
	if (id.length > 17 && !id.endsWith('0')) return false;
	const number = Number(id);
	return number > Number.MAX_SAFE_INTEGER && String(number) === id;
}

function lostOf(ids: Set<string>): string[] {
	const suspects = [...ids].filter(mayHaveLostDigits);
	const { length } = suspects;
	if (length < 2) return [];
	let expected = 0;
	for (const id of ids) expected += chanceOf(Number(id));
	// Chernoff's bound for a Poisson distribution.
	const bound = length * (1 + Math.log(expected / length)) - expected;
	return length > expected && bound < MOST_BY_CHANCE ? suspects : [];
}

/** How many of the whole numbers near a number are numbers of JavaScript: one in 1,024 of most with 19 digits. */
function chanceOf(number: number): number {
	return number > Number.MAX_SAFE_INTEGER ? 2 ** (52 - Math.floor(Math.log2(number))) : 0;
}

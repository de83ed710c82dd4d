/** The ways in which people give IDs: text, arrays, JSON, links, and mistakes in them. */
import fc from 'fast-check';

/** One entry of an input, and its ID; null if it has none. */
export interface Part {
	raw: unknown;
	id: string | null;
}

/** How the entries are written together. */
export const CONTAINERS = ['spaces', 'commas', 'lines', 'array', 'json'] as const;
export type Container = (typeof CONTAINERS)[number];

/** Call IDs or User IDs of one item. */
export interface Input {
	parts: Part[];
	container: Container;
}

const good = (id: string): Part => ({ raw: id, id });
const bad = (raw: unknown): Part => ({ raw, id: null });

/** Contract: over 20 digits, letters, a fraction, a negative, digits other than 0–9, null and so on. */
const BAD_ANYWHERE: Part[] = [
	bad('x'),
	bad('99999999999999999999999'),
	bad(null),
	bad('1.5'),
	bad('-1'),
	bad('１'),
	bad(true),
	// Has lost digits already.
	bad(7782342274025937000),
	bad({}),
];
const BAD_CALLS: Part[] = [
	...BAD_ANYWHERE,
	bad('https://example.com/call?id=1'),
	bad('https://app.gong.io/home'),
];
const BAD_USERS: Part[] = [...BAD_ANYWHERE, bad('https://app.gong.io/call?id=200011')];

const linkTo = (id: string): Part => ({ raw: `https://app.gong.io/call?id=${id}`, id });
const numberOf = (id: string): Part => (id.length < 15 ? { raw: Number(id), id } : good(id));

const container = fc.constantFrom(...CONTAINERS);

function inputOf(parts: fc.Arbitrary<Part[]>): fc.Arbitrary<Input> {
	return fc.record({ parts, container });
}

/** Call IDs: mostly one or two known ones. */
export function callsInput(known: string[], unknown: string[]): fc.Arbitrary<Input> {
	// Most items name the same few calls.
	const id = fc.constantFrom(...known.slice(0, 2), ...known.slice(0, 2), ...known);
	const part = fc.oneof(
		{ withCrossShrink: true },
		{ weight: 12, arbitrary: id.map(good) },
		{ weight: 2, arbitrary: id.map(linkTo) },
		{ weight: 1, arbitrary: id.map(numberOf) },
		{ weight: 2, arbitrary: fc.constantFrom(...unknown).map(good) },
		{ weight: 2, arbitrary: fc.constantFrom(...BAD_CALLS) },
	);
	return inputOf(
		fc.oneof(
			{ withCrossShrink: true },
			{ weight: 6, arbitrary: fc.array(part, { minLength: 1, maxLength: 1 }) },
			{ weight: 5, arbitrary: fc.array(part, { minLength: 1, maxLength: 4 }) },
			{
				weight: 2,
				arbitrary: fc.shuffledSubarray(known, { minLength: 4 }).map((ids) => ids.map(good)),
			},
			{ weight: 1, arbitrary: fc.constant<Part[]>([]) },
		),
	);
}

/** User IDs and addresses; `addresses` gives the owner of each, null if nobody has it. */
export function usersInput(
	known: string[],
	unknown: string[],
	addresses: Record<string, string | null>,
): fc.Arbitrary<Input> {
	const part = fc.oneof(
		{ withCrossShrink: true },
		{ weight: 20, arbitrary: fc.constantFrom(...known).map(good) },
		{ weight: 1, arbitrary: fc.constantFrom(...known).map(numberOf) },
		{ weight: 2, arbitrary: fc.constantFrom(...unknown).map(good) },
		{ weight: 2, arbitrary: fc.constantFrom(...BAD_USERS) },
		{
			weight: 2,
			arbitrary: fc
				.constantFrom(...Object.keys(addresses))
				.map((address) => ({ raw: address, id: addresses[address] })),
		},
	);
	return inputOf(
		fc.oneof(
			{ withCrossShrink: true },
			{ weight: 6, arbitrary: fc.array(part, { minLength: 1, maxLength: 1 }) },
			{ weight: 4, arbitrary: fc.array(part, { minLength: 1, maxLength: 3 }) },
			{ weight: 1, arbitrary: fc.constant<Part[]>([]) },
		),
	);
}

/** The value as it is in the item's JSON. */
export function written({ parts, container: how }: Input): unknown {
	const raws = parts.map(({ raw }) => raw);
	const isText = raws.every((raw) => typeof raw === 'string');
	// Entries that text cannot express are given as an array; a number loses digits only outside JSON.
	if (how === 'array' || (!isText && how !== 'json')) return raws;
	if (how === 'json')
		return raws.some((raw) => Number(raw) > 2 ** 53) ? raws : JSON.stringify(raws);
	return raws.join({ spaces: ' ', commas: ', ', lines: '\n' }[how]);
}

/** The IDs that can be read in it, each once, in its order. */
export function readIn({ parts }: Input): string[] {
	return [...new Set(parts.flatMap(({ id }) => (id === null ? [] : [id])))];
}

/** Whether it has an entry that is not allowed. */
export function hasBadPart({ parts }: Input): boolean {
	return parts.some(({ id }) => id === null);
}

import { GongState } from '../harness/gong/state';
import { type ExecutedItem, Execution } from '../harness/n8n/execution';
import { makeCompany } from '../harness/soak/company';
import { triesOf } from '../harness/soak/faultPlan';
import { judge, type Verdict, wantedRows } from '../harness/soak/judge';
import {
	type AwaitedRequest,
	type Kind,
	type Piece,
	PieceMaker,
	wantedFor,
} from '../harness/soak/work';
import { GONG_NODE } from '../harness/soak/workflows';

/** The data of one piece of work, to be falsified in one way. */
interface Scene {
	piece: Piece;
	state: GongState;
	items: ExecutedItem[];
	errors: ExecutedItem[];
	status: string;
	message: string;
}

const WORDS = 'No whole answer came from Gong. It was asked several times.';

/** A piece of work with a correct result, the first of its kind that `suits`. */
function sceneOf(kind: Kind, suits: (piece: Piece) => boolean): Scene {
	const company = makeCompany();
	const state = new GongState(company.data);
	const maker = new PieceMaker(company, state, 1);
	for (let piece = maker.next(kind); piece; piece = maker.next(kind)) {
		if (!suits(piece)) {
			maker.giveBack(piece);
			continue;
		}
		for (const request of [...piece.pages, ...piece.requests]) answer(request);
		const stops = kind === 'calls' && failing(piece).length > 0;
		const rows = wantedRows(piece, state);
		for (const request of piece.requests) carryOut(request, piece, state);
		return {
			piece,
			state,
			items: rows.map(({ json, from }) => ({ json, pairedItem: from.map((item) => ({ item })) })),
			errors: piece.requests.flatMap((request) => errorItems(request, piece)),
			status: stops ? 'error' : 'success',
			message: saidOf(failing(piece)[0]),
		};
	}
	throw new Error('No piece of work suits.');
}

/** The words of a failed execution, as the node has them. */
function saidOf(request: AwaitedRequest | undefined): string {
	const last = request?.plan.faults.at(-1) ?? '';
	if (last.startsWith('status 50')) return 'Gong is not available at the moment (status 503).';
	if (last.startsWith('status 409')) {
		return `Gong refused with status 409. Check the IDs. Affected calls: ${request?.calls[0]}.`;
	}
	if (last.startsWith('status 429')) return 'Gong is taking no more requests for 60 minutes';
	return last.includes('JSON') ? 'The answer is not one that Gong documents: it is null' : WORDS;
}

const failing = ({ requests }: Piece) => requests.filter(({ comes }) => comes === 'failed');
const someFail = (piece: Piece) => failing(piece).length === 1 && piece.requests.length > 1;
const noneFails = ({ pages, requests }: Piece) =>
	[...pages, ...requests].every(({ comes }) => comes === 'answered');

function answer({ comes, plan, tries }: AwaitedRequest): void {
	if (comes === 'notSent') return;
	for (let nth = 1; nth <= triesOf(plan); nth++) {
		const entry = { at: 0, method: '', path: '', query: {}, headers: {}, body: '', company: '' };
		const slowDown = plan.faults[nth - 1]?.startsWith('status 429');
		const status = slowDown ? 429 : 200;
		tries.push({ ...entry, status, requestId: `4r${nth}`, inFlight: 1, endedAt: 0 });
	}
}

function carryOut({ comes, calls }: AwaitedRequest, piece: Piece, state: GongState): void {
	if (comes !== 'answered' || piece.before.size === 0) return;
	for (const callId of calls) state.apiAccess.set(callId, new Set(wantedFor(piece, callId)));
}

function errorItems({ comes, calls }: AwaitedRequest, piece: Piece): ExecutedItem[] {
	if (comes === 'answered') return [];
	const isRead = piece.before.size === 0;
	const outcome = comes === 'notSent' || isRead ? 'notSent' : 'unknown';
	return calls.map((callId) => ({
		json: { error: WORDS, details: { callIds: [callId], outcome } },
		pairedItem: { item: piece.items.findIndex((item) => item.calls.includes(callId)) },
	}));
}

function verdictOn({ piece, state, items, errors, status, message }: Scene): Verdict {
	const toErrorOutput = ['people', 'grant'].includes(piece.kind);
	const main = toErrorOutput ? [items, errors] : [[...items, ...errors]];
	const runData = { [GONG_NODE]: [{ data: { main } }] };
	const resultData = { runData, ...(status === 'error' ? { error: { message } } : {}) };
	return judge(piece, new Execution({ status, data: { resultData } }), state);
}

describe('the soak accepts a correct result', () => {
	test.each<[Kind, string, (piece: Piece) => boolean]>([
		['calls', 'all is answered', noneFails],
		['calls', 'a request fails, and the execution with it', someFail],
		['users', 'all is answered', noneFails],
		['users', 'a request fails', someFail],
		['people', 'a request fails', someFail],
		['period', 'all is answered', noneFails],
		['grant', 'a request fails', someFail],
		['revoke', 'a request fails', someFail],
	])('%s: %s', (kind, _title, suits) => {
		const { violations, reported } = verdictOn(sceneOf(kind, suits));
		expect(violations).toEqual([]);
		expect([...reported.values()]).not.toContain('silent');
	});
});

describe('the soak detects', () => {
	const spoilt = (kind: Kind, suits: (piece: Piece) => boolean, spoil: (scene: Scene) => void) => {
		const scene = sceneOf(kind, suits);
		spoil(scene);
		return verdictOn(scene);
	};

	test.each<[string, Kind, (piece: Piece) => boolean, (scene: Scene) => void]>([
		['a lost row', 'users', noneFails, ({ items }) => items.splice(3, 1)],
		['a doubled row', 'calls', noneFails, ({ items }) => items.push(items[3])],
		['rows in another order', 'calls', noneFails, ({ items }) => items.reverse()],
		[
			'a row that is linked to another item',
			'calls',
			noneFails,
			({ items }) => (items[3] = { ...items[3], pairedItem: { item: 4 } }),
		],
		[
			'a row with the ID of another answer',
			'people',
			noneFails,
			({ items }) => (items[0] = { ...items[0], json: { ...items[0].json, requestIds: ['4x'] } }),
		],
		['a superfluous request', 'users', noneFails, ({ piece }) => answer(piece.requests[0])],
		[
			'a change that is reported as accepted and was not made',
			'grant',
			someFail,
			({ piece, state }) => {
				const answered = piece.requests.find(({ comes }) => comes === 'answered')?.calls ?? [];
				const changed = answered.find(
					(id) => wantedFor(piece, id).join() !== piece.before.get(id)?.join(),
				);
				state.apiAccess.set(changed ?? '', new Set(piece.before.get(changed ?? '')));
			},
		],
		[
			'a change that is reported as not sent and was made',
			'revoke',
			someFail,
			(scene) => {
				const [{ calls }] = failing(scene.piece);
				scene.state.apiAccess.set(calls[0], new Set(['1']));
			},
		],
		[
			'a lost read that is reported as unknown',
			'people',
			someFail,
			({ errors }) => {
				const details = { ...(errors[0].json.details as object), outcome: 'unknown' };
				errors[0] = { ...errors[0], json: { ...errors[0].json, details } };
			},
		],
		[
			"a message with JavaScript's own error text",
			'revoke',
			someFail,
			({ errors }) => {
				const error = "Cannot read properties of undefined (reading 'users')";
				errors[0] = { ...errors[0], json: { ...errors[0].json, error } };
			},
		],
	])('%s', (_title, kind, suits, spoil) => {
		expect(spoilt(kind, suits, spoil).violations).toHaveLength(1);
	});

	test.each<[string, Kind, (scene: Scene) => void]>([
		['a fault that no item reports', 'people', (scene) => (scene.errors = [])],
		[
			'a fault that the failed execution does not report',
			'calls',
			(scene) => (scene.message = 'Something went wrong'),
		],
		['a fault in an execution that succeeds', 'calls', (scene) => (scene.status = 'success')],
	])('%s', (_title, kind, spoil) => {
		const { violations, reported } = spoilt(kind, someFail, spoil);
		expect(violations).not.toEqual([]);
		expect([...reported.values()]).toEqual(['silent']);
	});
});

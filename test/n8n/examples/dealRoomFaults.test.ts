import { callIdAt, type Fault, makeData, SAMPLE_USER_IDS, sampleData } from '../../harness/gong';
import { CHANGE, type FilledIn, openDealRoom, UNDO } from './dealRoomForm';
import { describeExample, FLOW_MS } from './exampleRoom';
import { eachNodeRunsOnce } from './runOnce';
import { SIGN_IN, WRONG_KEY } from './wrongKey';

const { maria, jonas } = SAMPLE_USER_IDS;

const MANY = 120;
const ACCESS = '/v2/calls/users-access';

describeExample('deal-room', (room) => {
	const access = () => room().gong.state.accessSnapshot().apiAccess;
	const callIds = Array.from({ length: MANY }, (_, place) => callIdAt(place));
	const titleOf = (callId: string) => `Meeting ${callIds.indexOf(callId) + 1}`;
	const team = 'maria.keller@example.com';
	let fillIn: (callIds: string, team: string) => Promise<FilledIn>;

	/** A request that is lost whenever it is sent. */
	const lost = (match: Fault['match']): Fault => ({
		kind: 'status',
		status: 503,
		errors: ['Down for repairs'],
		match,
		times: 1_000,
	});

	beforeAll(async () => {
		fillIn = await openDealRoom(room());
	}, FLOW_MS);

	beforeEach(() => {
		room().gong.reset();
		room().gong.state.load(
			makeData({
				users: sampleData().users,
				calls: callIds.map((id) => ({ id, title: titleOf(id), users: [jonas] })),
			}),
		);
	});

	eachNodeRunsOnce(room);

	it(
		'names the eleven of 120 calls that were deleted before somebody agreed, and changes the others',
		async () => {
			const gone = callIds.filter((_, place) => place % 11 === 5);
			expect(gone).toHaveLength(11);
			const { page, decide } = await fillIn(callIds.join('\n'), team);
			expect(page.title).toBe('Make these changes?');
			for (const callId of gone) room().gong.state.hideCall(callId);
			const done = await decide(CHANGE);
			expect(done.title).toBe('Not all of it came out as asked');
			const [first, ...lines] = done.text.split('\n');
			expect(first).toBe('Done: 109 of 120 calls. Access was given 109 times and ended 109 times.');
			expect(lines.slice(0, 33)).toEqual(
				gone.flatMap((callId) => [
					'',
					`• ${titleOf(callId)}`,
					'nothing was changed, since it could not be looked at again',
				]),
			);
			expect(done.text).toContain('\n\nGong does not know 11 of the calls: ');
			for (const callId of callIds) {
				expect(access()[callId]).toEqual([gone.includes(callId) ? jonas : maria]);
			}
			expect((await decide(UNDO)).title).toBe('It is undone');
			for (const callId of callIds) expect(access()[callId]).toEqual([jonas]);
		},
		FLOW_MS,
	);

	it(
		'names the calls of a lost answer, ends no access in them, and can take the rest back',
		async () => {
			const last = callIds[MANY - 1];
			const { decide } = await fillIn(callIds.join(' '), team);
			room().gong.fail(lost({ method: 'PUT', bodyIncludes: last }));
			const done = await decide(CHANGE);
			room().gong.clearFaults();
			const missed = callIds.filter((callId) => !access()[callId].includes(maria));
			expect(missed).toContain(last);
			expect(missed.length).toBeLessThan(MANY);
			const kept = callIds.filter((callId) => access()[callId].includes(jonas));
			expect(kept).toEqual(missed);
			expect(done.title).toBe('Not all of it came out as asked');
			const told = done.text.split('\n').filter((line) => line.startsWith('• '));
			expect(told).toEqual(missed.map((callId) => `• ${titleOf(callId)}`));
			const count = MANY - missed.length;
			expect(done.text).toMatch(
				`Done: ${count} of 120 calls. Access was given ${count} times and ended ${count} times.`,
			);
			expect((await decide(UNDO)).title).toBe('It is undone');
			for (const callId of callIds) expect(access()[callId]).toEqual([jonas]);
		},
		FLOW_MS,
	);

	it.each<[what: string, fault: () => Fault, lines: RegExp]>([
		[
			'a part of the answers',
			() => lost({ method: 'POST', path: ACCESS, bodyIncludes: callIds[MANY - 1] }),
			/^Nothing was changed\.\n\nNot looked at: \d\d calls\. Fill in the form again later\.\nGong says: Down for repairs$/,
		],
		[
			'every answer',
			() => lost({ method: 'POST', path: ACCESS }),
			/^Nothing was changed\.\n\nNot looked at: 120 calls\. Fill in the form again later\.\nGong says: Down for repairs$/,
		],
	])(
		'asks nobody to agree, and blames nobody for what they entered, when Gong loses %s',
		async (_what, fault, lines) => {
			const before = access();
			room().gong.fail(fault());
			const { page } = await fillIn(callIds.join(' '), team);
			expect(page.title).toBe('The calls could not be looked up');
			expect(page.text).toMatch(lines);
			expect(access()).toEqual(before);
		},
		FLOW_MS,
	);

	it(
		'changes nothing and ends with a page when every answer is lost after somebody agreed',
		async () => {
			const before = access();
			const { decide } = await fillIn(callIds.slice(0, 3).join(' '), team);
			room().gong.fail(lost({ path: ACCESS }));
			expect(await decide(CHANGE)).toEqual({
				title: 'The calls could not be looked up',
				text: 'Nothing was changed.\n\nGong says: Down for repairs\n\nFill in the form again to see how it is now.',
				labels: [],
			});
			expect(access()).toEqual(before);
		},
		FLOW_MS,
	);

	it.each([3, MANY])(
		'says what to do about a wrong key, and not to try later: %d calls',
		async (count) => {
			room().gong.fail(WRONG_KEY);
			const { page } = await fillIn(callIds.slice(0, count).join(' '), jonas);
			expect(page.title).toBe('The calls could not be looked up');
			expect(page.text.split('\n')).toEqual([
				'Nothing was changed.',
				'',
				`Not looked at: ${count} calls.`,
				expect.stringMatching(SIGN_IN) as unknown,
			]);
		},
		FLOW_MS,
	);

	it(
		'says what to do about a key that ends after somebody agreed',
		async () => {
			const { decide } = await fillIn(callIds.slice(0, 3).join(' '), maria);
			room().gong.fail(WRONG_KEY);
			const { title, text } = await decide(CHANGE);
			expect(title).toBe('The calls could not be looked up');
			expect(text.split('\n')).toEqual([
				'Nothing was changed.',
				'',
				expect.stringMatching(SIGN_IN) as unknown,
				'',
				'Fill in the form again to see how it is now.',
			]);
		},
		FLOW_MS,
	);

	it(
		'says what to do about a key that ends while it writes, and before it is undone',
		async () => {
			const { decide } = await fillIn(callIds.slice(0, 3).join(' '), team);
			room().gong.fail({ ...WRONG_KEY, match: { method: 'DELETE' } });
			const done = await decide(CHANGE);
			expect(done.title).toBe('Not all of it came out as asked');
			expect(done.text.split('\n').filter((line) => SIGN_IN.test(line))).toHaveLength(1);
			room().gong.fail(WRONG_KEY);
			const undone = await decide(UNDO);
			expect(undone.title).toBe('Not all of your changes were taken back');
			expect(undone.text.split('\n').filter((line) => SIGN_IN.test(line))).toHaveLength(1);
			expect(undone.text).not.toContain('Gong says');
		},
		FLOW_MS,
	);

	it(
		'finds nothing to change where exactly the team was given access',
		async () => {
			const { page } = await fillIn(callIds.join(' '), 'jonas.berg@example.com');
			expect(page.title).toBe('Nothing to change');
		},
		FLOW_MS,
	);
});

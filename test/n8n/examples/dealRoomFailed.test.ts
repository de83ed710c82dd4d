import { type Fault, SAMPLE_CALL_IDS, SAMPLE_USER_IDS } from '../../harness/gong';
import { CHANGE, type FilledIn, KEEP, LEAVE, openDealRoom, UNDO } from './dealRoomForm';
import { describeExample, FLOW_MS } from './exampleRoom';
import { eachNodeRunsOnce, howItEnded } from './runOnce';
import { SIGN_IN, WRONG_KEY } from './wrongKey';

const { jonas, priya } = SAMPLE_USER_IDS;
const [, demo, , review] = SAMPLE_CALL_IDS;

const SUCCESS = ['success', undefined];
const NOT_ALL = 'Not all of it came out as asked';
const NOT_BACK = 'Not all of your changes were taken back';

describeExample(
	'deal-room',
	(room) => {
		const access = () => room().gong.state.accessSnapshot().apiAccess[demo];
		const ended = async () => await howItEnded(room().n8n.rest);
		const waits = async () => (await room().n8n.rest.executions())[0].status;
		const team = 'maria.keller@example.com';
		let fill: (callIds: string, team: string) => Promise<FilledIn>;

		const refuse = (match: Fault['match'] = {}): Fault => ({
			kind: 'status',
			status: 400,
			errors: ['Not <today>'],
			match,
			times: 1_000,
		});
		/** Chooses while Gong answers so. */
		const decideWith = async (fault: Fault, { decide }: FilledIn, choice: string) => {
			room().gong.fail(fault);
			const page = await decide(choice);
			room().gong.clearFaults();
			return page;
		};

		beforeAll(async () => {
			fill = await openDealRoom(room());
		}, FLOW_MS);

		beforeEach(() => room().gong.reset());

		eachNodeRunsOnce(room);

		it.each<[what: string, fault: Fault, says: RegExp]>([
			['the key is wrong', WRONG_KEY, SIGN_IN],
			['Gong refuses to be asked', refuse(), /^Gong says: Not <today>$/],
		])(
			'shows its page and is listed as failed where %s, before and after somebody agreed',
			async (_what, fault, says) => {
				room().gong.fail(fault);
				const { page } = await fill(demo, jonas);
				room().gong.clearFaults();
				expect(page.title).toBe('The calls could not be looked up');
				expect(await ended()).toEqual(['error', expect.stringMatching(says)]);

				const { title } = await decideWith(fault, await fill(demo, jonas), CHANGE);
				expect(title).toBe('The calls could not be looked up');
				expect(await ended()).toEqual(['error', expect.stringMatching(says)]);
			},
			FLOW_MS,
		);

		it.each([
			[KEEP, 'It stays so'],
			[UNDO, 'Nothing to undo'],
		])(
			'is listed as failed where Gong refused the changes, after the choice: %s',
			async (choice, title) => {
				const form = await fill(demo, team);
				const done = await decideWith(refuse({ method: 'PUT' }), form, CHANGE);
				expect(done.title).toBe(NOT_ALL);
				expect(done.text).toContain('\nGong says: Not <today>\n');
				expect(await waits()).toBe('waiting');
				expect((await form.decide(choice)).title).toBe(title);
				expect(await ended()).toEqual(['error', `${NOT_ALL}\nGong says: Not <today>`]);
			},
			FLOW_MS,
		);

		it(
			'is listed as failed where the answer was lost, and can be undone before',
			async () => {
				const form = await fill(demo, team);
				const lost: Fault = { kind: 'reset', applied: true, match: { method: 'PUT' }, times: 100 };
				expect((await decideWith(lost, form, CHANGE)).title).toBe(NOT_ALL);
				expect((await form.decide(UNDO)).title).toBe('It is undone');
				expect(access()).toEqual([jonas, priya].sort());
				expect(await ended()).toEqual([
					'error',
					`${NOT_ALL}\nGong gave no usable answer. n8n has the reason under Executions.`,
				]);
			},
			FLOW_MS,
		);

		it(
			'is listed as failed where Gong refused the undo',
			async () => {
				const form = await fill(demo, team);
				expect((await form.decide(CHANGE)).title).toBe('Done. Keep it?');
				const { title } = await decideWith(refuse({ method: 'PUT' }), form, UNDO);
				expect(title).toBe(NOT_BACK);
				expect(await ended()).toEqual(['error', `${NOT_BACK}\nGong says: Not <today>`]);
			},
			FLOW_MS,
		);

		it.each([
			['an address that no Gong user has', demo, 'nobody@example.com'],
			['a call that Gong does not know', `${demo}, 1111111111111111111`, team],
		])(
			'is no failure where somebody entered %s',
			async (_what, callIds, people) => {
				const { page } = await fill(callIds, people);
				expect(page.title).toBe('Please check what you entered');
				expect(await ended()).toEqual(SUCCESS);
			},
			FLOW_MS,
		);

		it(
			'is no failure where all went well, or somebody decided against it',
			async () => {
				expect((await (await fill(demo, team)).decide(LEAVE)).title).toBe('Nothing was changed');
				expect(await ended()).toEqual(SUCCESS);
				const form = await fill(demo, team);
				await form.decide(CHANGE);
				expect((await form.decide(KEEP)).title).toBe('It stays so');
				expect(await ended()).toEqual(SUCCESS);
				expect((await fill(demo, team)).page.title).toBe('Nothing to change');
				expect(await ended()).toEqual(SUCCESS);
			},
			FLOW_MS,
		);

		it(
			'is no failure where the undo is known to have come out, or others deleted a call',
			async () => {
				const form = await fill(demo, team);
				await form.decide(CHANGE);
				const lost: Fault = {
					kind: 'reset',
					applied: true,
					match: { method: 'DELETE' },
					times: 100,
				};
				expect((await decideWith(lost, form, UNDO)).title).toBe('It is undone');
				expect(await ended()).toEqual(SUCCESS);

				const both = await fill(`${demo} ${review}`, team);
				room().gong.state.hideCall(review);
				expect((await both.decide(CHANGE)).title).toBe(NOT_ALL);
				room().gong.state.hideCall(demo);
				expect((await both.decide(UNDO)).title).toBe(NOT_BACK);
				expect(await ended()).toEqual(SUCCESS);
			},
			FLOW_MS,
		);
	},
	{ subtitle: 'as n8n lists its runs' },
);

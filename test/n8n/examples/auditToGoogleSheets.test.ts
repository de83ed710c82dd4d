import { readExample, withFields, withParameters, withSettings } from '../../harness/n8n/examples';
import {
	type CallInput,
	makeData,
	SAMPLE_CALL_IDS,
	SAMPLE_USER_IDS,
	sampleData,
} from '../../harness/gong';
import { DAY, describeExample, FLOW_MS, HOUR, MINUTE } from './exampleRoom';

const { maria, samuel, left, sparse } = SAMPLE_USER_IDS;
const [renewal, , pricing] = SAMPLE_CALL_IDS;
const COLUMNS = ['Checked on', 'Call ID', 'Call', 'Started', 'Link', 'User ID', 'Name', 'E-mail'];

describeExample(
	'audit-to-google-sheets',
	(room) => {
		// Always 14 hours ahead of UTC, so that its Monday begins on Sunday elsewhere.
		const timezone = 'Pacific/Kiritimati';
		const AHEAD = 14 * HOUR;
		const monday = (time: number): number => {
			const day = Math.floor((time + AHEAD) / DAY);
			// The first day of 1970 was a Thursday.
			return (day - ((day + 3) % 7)) * DAY - AHEAD;
		};
		const thisWeek = monday(Date.now());
		const lastWeek = thisWeek - 7 * DAY;
		const at = (time: number) => new Date(time).toISOString();
		const FORMULA = '=HYPERLINK("https://example.org", "Sales")';
		const data = makeData({
			users: sampleData().users,
			calls: [
				{ id: '18446744073709551557', started: at(lastWeek - MINUTE), users: [maria] },
				{ id: renewal, title: FORMULA, started: at(lastWeek), users: [samuel, left] },
				{
					id: '12000000000000000017',
					title: null,
					started: at(thisWeek - MINUTE),
					users: [sparse],
				},
				{ id: '9007199254740993', started: at(thisWeek - 2 * DAY), users: [] },
				{ id: pricing, started: at(thisWeek), users: [maria] },
			],
		});

		let id: string;

		beforeAll(async () => {
			room().gong.state.load(data);
			const example = withFields(readExample('audit-to-google-sheets'), 'Your sheet', {
				link: room().google.link,
			});
			id = await room().store(
				withSettings(
					withParameters(example, 'Add rows to the sheet', { authentication: 'serviceAccount' }),
					{ timezone },
				),
			);
			await room().n8n.rest.run(id, 'Every Monday');
		}, FLOW_MS);

		it("appends one row for each user of each call of last week, in the workflow's time zone", () => {
			const today = at(Date.now() + AHEAD).slice(0, 10);
			const row = (call: number, ...user: (string | null)[]) => {
				const { id, title, started, url } = data.calls[call];
				return [today, id, title, started, url, ...user];
			};
			expect(room().google.writes.map(({ values }) => values)).toEqual([
				[
					row(1, samuel, 'Samuel Adeyemi', 'Samuel.Adeyemi@example.com'),
					row(1, left, 'Tom Archer', 'tom.archer@example.com'),
					row(2, sparse, null, 'notetaker@example.com'),
				],
			]);
		});

		it('writes values raw, so that IDs keep their digits and titles stay text', () => {
			expect(room().google.writes.map(({ valueInputOption }) => valueInputOption)).toEqual(['RAW']);
			const [header, ...rows] = room().google.sheets[0].rows;
			expect(header).toEqual(COLUMNS);
			expect(rows.map((row) => [row[1], row[2], row[5]])).toEqual([
				['7782342274025937895', FORMULA, '5521980347761120498'],
				['7782342274025937895', FORMULA, '4498120667305541902'],
				['12000000000000000017', null, '8206143359917042675'],
			]);
		});

		it(
			'writes a row that says so for a week in which nobody was given access, and for a call that Gong no longer knows',
			async () => {
				const { gong, google, n8n } = room();
				const row = async (calls: CallInput[]) => {
					gong.state.load(makeData({ users: data.users, calls }));
					const before = google.sheets[0].rows.length;
					const run = await n8n.rest.run(id, 'Try it now');
					expect(run.error).toBeUndefined();
					const rows = google.sheets[0].rows.slice(before);
					expect(rows).toHaveLength(1);
					return rows[0];
				};
				const nobody = `No access given in the week of ${at(lastWeek + AHEAD).slice(0, 10)}`;
				expect((await row([]))[2]).toBe(nobody);
				expect((await row([{ id: renewal, started: at(lastWeek), users: [] }]))[2]).toBe(nobody);
				const later = at(Date.now() + DAY);
				const gone = { id: renewal, started: at(lastWeek), users: [maria] };
				const [, callId, , , , userId, name] = await row([
					{ ...gone, knownFrom: { details: later, access: later } },
				]);
				expect([callId, userId || null, name]).toEqual([
					renewal,
					null,
					'Not looked up: Gong no longer knows this call',
				]);
			},
			FLOW_MS,
		);
	},
	{ sheets: { 'Call access': COLUMNS } },
);

import { readExample, withFields, withParameters, withSettings } from '../../harness/n8n/examples';
import {
	type CallInput,
	makeData,
	SAMPLE_CALL_IDS,
	SAMPLE_USER_IDS,
	sampleData,
} from '../../harness/gong';
import { DAY, describeExample, FLOW_MS, HOUR, MINUTE, nameTwice } from './exampleRoom';

const { maria, samuel, left, sparse } = SAMPLE_USER_IDS;
const [renewal, demo, pricing] = SAMPLE_CALL_IDS;
const UNTITLED = '12000000000000000017';
const COLUMNS = ['Checked on', 'Call ID', 'Call', 'Started', 'Link', 'User ID', 'Name', 'E-mail'];
const NOT_LOOKED_UP = 'Not looked up: Gong listed this call and then did not know it';

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
		const dayOf = (time: number) => at(time + AHEAD).slice(0, 10);
		const FORMULA = '=HYPERLINK("https://example.org", "Sales")';
		const { users } = sampleData();
		const calls: CallInput[] = [
			{ id: '18446744073709551557', started: at(lastWeek - 2 * DAY - MINUTE), users: [maria] },
			{ id: demo, title: 'Demo', started: at(lastWeek - 2 * DAY), users: [maria] },
			{ id: renewal, title: FORMULA, started: at(lastWeek), users: [samuel, left] },
			{ id: UNTITLED, title: null, started: at(thisWeek - MINUTE), users: [sparse] },
			{ id: '9007199254740993', started: at(thisWeek - 2 * DAY), users: [] },
			{ id: pricing, started: at(thisWeek), users: [maria] },
		];
		const data = makeData({ users, calls });
		const period = `Calls from ${dayOf(lastWeek - 2 * DAY)} to ${dayOf(thisWeek - DAY)}`;
		const rowOf = (call: number, ...user: (string | null)[]) => {
			const { id, title, started, url } = data.calls[call];
			return [dayOf(Date.now()), id, title, started, url, ...user, `${id} ${user[0]}`];
		};
		const expected = [
			rowOf(1, maria, 'Maria Keller', 'maria.keller@example.com'),
			rowOf(2, samuel, 'Samuel Adeyemi', 'Samuel.Adeyemi@example.com'),
			rowOf(2, left, 'Tom Archer', 'tom.archer@example.com'),
			rowOf(3, sparse, null, 'notetaker@example.com'),
		];
		const line = (found: string) => [
			dayOf(Date.now()),
			...['', `${period}: ${found}`, '', '', '', '', ''],
			`Week of ${dayOf(lastWeek)}`,
		];

		let id: string;

		/** What stands in the sheet, empty cells alike. */
		const rows = () =>
			room()
				.google.sheets[0].rows.slice(1)
				.map((row) => row.map((cell) => cell ?? ''));
		const plain = (table: (string | null)[][]) => table.map((row) => row.map((cell) => cell ?? ''));
		/** Runs it on this company; returns the rows of a sheet that was empty. */
		const rowsOfRun = async (company: CallInput[]) => {
			room().gong.state.load(makeData({ users, calls: company }));
			room().google.sheets[0].rows.splice(1);
			const { error } = await room().n8n.rest.run(id, 'Try it now');
			return { rows: rows(), error };
		};

		beforeAll(async () => {
			room().gong.state.load(data);
			const example = withFields(readExample('audit-to-google-sheets'), 'Your sheet', {
				link: room().google.link,
			});
			id = await room().store(
				withSettings(
					withParameters(example, 'Add or update rows', { authentication: 'serviceAccount' }),
					{ timezone },
				),
			);
			await room().n8n.rest.run(id, 'Mondays and Tuesdays');
		}, FLOW_MS);

		it("writes a row for each user of each call of last week and two days before, in the workflow's time zone", () => {
			const found = line('access given to 3 calls');
			expect(rows()).toEqual(plain([...expected, found]));
		});

		it('writes values raw, so that IDs keep their digits and titles stay text', () => {
			expect(room().google.writes.map(({ valueInputOption }) => valueInputOption)).toEqual(['RAW']);
			expect(rows().map((row) => [row[1], row[2], row[5]])).toContainEqual([
				'7782342274025937895',
				FORMULA,
				'5521980347761120498',
			]);
		});

		it(
			'brings its rows up to date when it runs again, and adds what came meanwhile',
			async () => {
				const [, first, second, ...others] = calls;
				const renamed = { ...second, title: 'Renewal', users: [samuel, left, maria] };
				room().gong.state.load(makeData({ users, calls: [first, renamed, ...others] }));
				const run = await room().n8n.rest.run(id, 'Try it now');
				expect(run.error).toBeUndefined();
				const told = rows().map(([, callId, title, , , userId]) => [callId, title, userId]);
				expect(told).toEqual([
					[demo, 'Demo', maria],
					[renewal, 'Renewal', samuel],
					[renewal, 'Renewal', left],
					[UNTITLED, '', sparse],
					['', `${period}: access given to 3 calls`, ''],
					[renewal, 'Renewal', maria],
				]);
				expect(new Set(room().google.updates.map((one) => one.valueInputOption))).toEqual(
					new Set(['RAW']),
				);
			},
			FLOW_MS,
		);

		it(
			'writes a line that says so where nothing was found, and where nobody was given access',
			async () => {
				const nobody = plain([line('no access given')]);
				expect(await rowsOfRun([])).toEqual({ rows: nobody, error: undefined });
				const call = { id: renewal, started: at(lastWeek), users: [] };
				expect((await rowsOfRun([call])).rows).toEqual(nobody);
			},
			FLOW_MS,
		);

		it(
			'tells of a call that Gong lists and does not know in its place, and of all others',
			async () => {
				const later = at(Date.now() + DAY);
				const knownFrom = { details: later, access: later };
				const [before, first, second, ...others] = calls;
				const gone = { ...first, knownFrom };
				const run = await rowsOfRun([before, gone, second, ...others]);
				expect(run.error).toBeUndefined();
				const told = run.rows.map((row) => [row[1], row[5] || row[6], row[8]]);
				expect(told).toEqual([
					[demo, NOT_LOOKED_UP, demo],
					[renewal, samuel, `${renewal} ${samuel}`],
					[renewal, left, `${renewal} ${left}`],
					[UNTITLED, sparse, `${UNTITLED} ${sparse}`],
					['', '', `Week of ${dayOf(lastWeek)}`],
				]);
				expect(run.rows[4][2]).toBe(`${period}: access given to 2 calls, 1 call not looked up`);
			},
			FLOW_MS,
		);

		it(
			'writes one row for somebody whom Gong names twice',
			async () => {
				nameTwice(room().gong);
				const run = await rowsOfRun(calls);
				expect(run).toEqual({
					rows: plain([...expected, line('access given to 3 calls')]),
					error: undefined,
				});
			},
			FLOW_MS,
		);

		it.each([
			['all its answers are lost', 0],
			['it is not available from its second answer on', 1],
		])(
			'writes nothing and says why where Gong cannot be asked: %s',
			async (_what, after) => {
				room().gong.fail({ kind: 'status', status: 503, times: Infinity, after });
				const run = await rowsOfRun(calls);
				room().gong.clearFaults();
				expect(run.rows).toEqual([]);
				expect(run.error?.message).toMatch(/^Gong is not available at the moment \(status 503\)/);
			},
			FLOW_MS,
		);
	},
	{ sheets: { 'Call access': [...COLUMNS, 'Key'] } },
);

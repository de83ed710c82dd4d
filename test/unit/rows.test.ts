import type { Details } from '../../nodes/GongCallAccess/output/details';
import type { CallAnswer, RowSettings } from '../../nodes/GongCallAccess/output/rows';
import { rowsOfCall } from '../../nodes/GongCallAccess/output/rows';

const none = { found: true, userIds: [] as string[], requestId: 'r1' } satisfies CallAnswer;
const two: CallAnswer = { found: true, userIds: ['21', '22'], requestId: 'r1' };
const unknown: CallAnswer = {
	found: false,
	userIds: [],
	requestId: 'r2',
};

const settings = (
	splitInto: RowSettings['splitInto'],
	reportUnknownCalls = false,
	includeCallsWithoutUsers = false,
): RowSettings => ({ splitInto, reportUnknownCalls, includeCallsWithoutUsers });

// As JSON text, so that the order of the keys counts.
test.each<[string, CallAnswer, RowSettings, string[]]>([
	[
		'by calls: the users in a list',
		two,
		settings('calls'),
		['{"callId":"1","users":[{"userId":"21"},{"userId":"22"}],"requestId":"r1"}'],
	],
	[
		'by calls, no one: an empty list',
		none,
		settings('calls'),
		['{"callId":"1","users":[],"requestId":"r1"}'],
	],
	[
		'by calls, reporting: found',
		two,
		settings('calls', true),
		['{"callId":"1","users":[{"userId":"21"},{"userId":"22"}],"found":true,"requestId":"r1"}'],
	],
	[
		'by calls, reporting an unknown call',
		unknown,
		settings('calls', true),
		['{"callId":"1","users":[],"found":false,"requestId":"r2"}'],
	],
	[
		'by users: a row for each, flat',
		two,
		settings('users'),
		[
			'{"callId":"1","userId":"21","requestId":"r1"}',
			'{"callId":"1","userId":"22","requestId":"r1"}',
		],
	],
	['by users, no one: no rows', none, settings('users'), []],
	['by users, no one, reporting: no rows', none, settings('users', true), []],
	[
		'by users, no one, with empty rows: a row without a user',
		none,
		settings('users', false, true),
		['{"callId":"1","userId":null,"requestId":"r1"}'],
	],
	[
		'by users, no one, with empty rows and reporting',
		none,
		settings('users', true, true),
		['{"callId":"1","userId":null,"found":true,"requestId":"r1"}'],
	],
	[
		'by users, reporting: found',
		two,
		settings('users', true),
		[
			'{"callId":"1","userId":"21","found":true,"requestId":"r1"}',
			'{"callId":"1","userId":"22","found":true,"requestId":"r1"}',
		],
	],
	[
		'by users, reporting an unknown call',
		unknown,
		settings('users', true),
		['{"callId":"1","userId":null,"found":false,"requestId":"r2"}'],
	],
	[
		'by calls, with empty rows: no difference',
		none,
		settings('calls', false, true),
		['{"callId":"1","users":[],"requestId":"r1"}'],
	],
])('%s', (_what, outcome, how, rows) => {
	expect(rowsOfCall('1', outcome, how).map((row) => JSON.stringify(row))).toEqual(rows);
});

test('an answer without a request ID gives null for it', () => {
	const [row] = rowsOfCall('1', { ...none, requestId: null }, settings('calls'));
	expect(row).toEqual({ callId: '1', users: [], requestId: null });
});

describe('with details', () => {
	const users = new Map([
		['21', { name: 'Maria Keller', email: 'maria@example.com', active: true }],
	]);
	const calls = new Map([
		['1', { title: 'Demo', url: 'https://app.gong.io/call?id=1', started: 'then' }],
	]);
	const details = { users, calls } as unknown as Details;

	test('gives the keys in the order of the contract, and null for what Gong does not know', () => {
		expect(
			rowsOfCall('1', two, settings('users', true), details).map((row) => JSON.stringify(row)),
		).toEqual([
			'{"callId":"1","callTitle":"Demo","callUrl":"https://app.gong.io/call?id=1","callStarted":"then","userId":"21","userName":"Maria Keller","userEmail":"maria@example.com","userActive":true,"found":true,"requestId":"r1"}',
			'{"callId":"1","callTitle":"Demo","callUrl":"https://app.gong.io/call?id=1","callStarted":"then","userId":"22","userName":null,"userEmail":null,"userActive":null,"found":true,"requestId":"r1"}',
		]);
		expect(JSON.stringify(rowsOfCall('2', two, settings('calls'), details))).toBe(
			'[{"callId":"2","callTitle":null,"callUrl":null,"callStarted":null,"users":[{"userId":"21","userName":"Maria Keller","userEmail":"maria@example.com","userActive":true},{"userId":"22","userName":null,"userEmail":null,"userActive":null}],"requestId":"r1"}]',
		);
	});
});

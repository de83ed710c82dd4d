import fc from 'fast-check';
import { readAccessRequest, readAccessResponse } from '../../nodes/GongCallAccess/gong/access';
import { readCallsPage } from '../../nodes/GongCallAccess/gong/calls';
import { readUsersPage } from '../../nodes/GongCallAccess/gong/users';
import {
	missingScope,
	readRefusal,
	saysUnknownCalls,
} from '../../nodes/GongCallAccess/transport/refusal';
import { FailureError } from '../../nodes/GongCallAccess/failure';

const LONG = '7782342274025937895';

describe('the request', () => {
	test('names the calls in Gong’s own body', () => {
		const request = readAccessRequest([LONG]);
		expect(request).toMatchObject({ method: 'POST', path: '/v2/calls/users-access' });
		expect(JSON.stringify(request.body)).toBe(`{"filter":{"callIds":["${LONG}"]}}`);
	});
});

describe('an answer as documented', () => {
	const read = (answer: unknown, asked = ['1', '2']) =>
		readAccessResponse(JSON.stringify(answer), asked);
	const users = (...ids: string[]) => ids.map((userId) => ({ userId }));

	test.each<[string, unknown, [string, string[]][]]>([
		[
			'both calls',
			[
				{ callId: '1', users: users('11') },
				{ callId: '2', users: users('21', '22') },
			],
			[
				['1', ['11']],
				['2', ['21', '22']],
			],
		],
		[
			'another order',
			[
				{ callId: '2', users: users('21') },
				{ callId: '1', users: users('11') },
			],
			[
				['1', ['11']],
				['2', ['21']],
			],
		],
		[
			'an empty list, and no list of users',
			[{ callId: '1', users: [] }, { callId: '2' }],
			[
				['1', []],
				['2', []],
			],
		],
		[
			'null for the users, and a call left out',
			[{ callId: '1', users: null }],
			[
				['1', []],
				['2', []],
			],
		],
		[
			'no call at all',
			[],
			[
				['1', []],
				['2', []],
			],
		],
		[
			'null entries',
			[null, { callId: '1', users: [null, { userId: '11' }] }],
			[
				['1', ['11']],
				['2', []],
			],
		],
		[
			'a call named twice',
			[
				{ callId: '1', users: users('11', '12') },
				{ callId: '1', users: users('12', '13') },
			],
			[
				['1', ['11', '12', '13']],
				['2', []],
			],
		],
		[
			'more fields than documented',
			[{ callId: '1', users: [{ userId: '11', role: 'x' }], title: 'T' }],
			[
				['1', ['11']],
				['2', []],
			],
		],
		[
			'IDs as numbers that are exact',
			[{ callId: 1, users: [{ userId: 234599484848423 }] }],
			[
				['1', ['234599484848423']],
				['2', []],
			],
		],
	])('is read: %s', (_what, callAccessList, access) => {
		const answer = read({ requestId: 'r', callAccessList });
		expect(answer.requestId).toBe('r');
		expect([...answer.access]).toEqual(access);
	});

	test('is read without a request ID, and without a list', () => {
		expect(read({ callAccessList: [] }).requestId).toBeNull();
		expect([...read({ requestId: 'r' }).access]).toEqual([
			['1', []],
			['2', []],
		]);
		expect([...read({ requestId: 'r', callAccessList: null }).access.values()]).toEqual([[], []]);
	});
});

describe('an answer of another shape', () => {
	test.each<[string, string, RegExp]>([
		['nothing', '', /empty/],
		['white space', ' \n', /empty/],
		['HTML', '<!DOCTYPE html><html></html>', /not whole JSON/],
		['half of it', '{"requestId":"r","callAcc', /not whole JSON/],
		['null', 'null', /null, not an object/],
		['a list', '[]', /a list, not an object/],
		['text', '"ok"', /text, not an object/],
		['a number', '7', /not an object/],
		['true', 'true', /not an object/],
		['an empty object', '{}', /neither a requestId nor a callAccessList/],
		['another object', '{"status":"ok"}', /neither a requestId nor a callAccessList/],
		[
			'a list that is an object',
			'{"requestId":"r","callAccessList":{}}',
			/callAccessList is an object/,
		],
		['a list that is text', '{"requestId":"r","callAccessList":"x"}', /callAccessList is text/],
		['entries that are text', '{"callAccessList":["1"]}', /entry that is not an object/],
		['entries that are lists', '{"callAccessList":[["1"]]}', /entry that is not an object/],
		['an entry without a call', '{"callAccessList":[{"users":[]}]}', /callId is missing/],
		['a call that is null', '{"callAccessList":[{"callId":null}]}', /callId is null/],
		['a call that is empty', '{"callAccessList":[{"callId":""}]}', /callId is empty/],
		[
			'a call that is a number and has lost digits',
			`{"callAccessList":[{"callId":${LONG}}]}`,
			/callId is a number that may have lost digits/,
		],
		[
			'users that are an object',
			'{"callAccessList":[{"callId":"1","users":{}}]}',
			/users is an object/,
		],
		[
			'users that are texts',
			'{"callAccessList":[{"callId":"1","users":["2"]}]}',
			/users has an entry/,
		],
		[
			'a user without an ID',
			'{"callAccessList":[{"callId":"1","users":[{"id":"2"}]}]}',
			/userId is missing/,
		],
		[
			'a user whose ID is an object',
			'{"callAccessList":[{"callId":"1","users":[{"userId":{}}]}]}',
			/userId is an object/,
		],
		[
			'another call in place of the one asked for',
			'{"callAccessList":[{"callId":"3"}]}',
			/call "3",/,
		],
	])('is refused in words: %s', (_what, text, words) => {
		expect(() => readAccessResponse(text, ['1'])).toThrow(FailureError);
		expect(() => readAccessResponse(text, ['1'])).toThrow(words);
	});

	test.each<[string, string[], string[], Record<string, string[]>]>([
		['without its zeros, for a call asked with them', ['0778'], ['778'], { '0778': ['of 778'] }],
		['with zeros, for a call asked without', ['778'], ['0778'], { '778': ['of 0778'] }],
		[
			'in one spelling, for a call asked in both',
			['0778', '778'],
			['778'],
			{ '0778': ['of 778'], '778': ['of 778'] },
		],
		[
			'in both spellings, each for its own',
			['0778', '778'],
			['778', '0778'],
			{ '0778': ['of 0778'], '778': ['of 778'] },
		],
		['in no spelling, for nobody', ['0778', '778'], [], { '0778': [], '778': [] }],
	])('has the users of a call that is listed %s', (_what, asked, listed, users) => {
		const callAccessList = listed.map((callId) => ({
			callId,
			users: [{ userId: `of ${callId}` }],
		}));
		const text = JSON.stringify({ requestId: 'r', callAccessList });
		expect(Object.fromEntries(readAccessResponse(text, asked).access)).toEqual(users);
	});

	test('any answer gives every call asked for, or our own words', () => {
		const odd = fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>(null, [], {}, '1', 1));
		const entry = fc.record({ callId: odd, users: odd }, { requiredKeys: [] });
		const answer = fc.oneof(
			fc.jsonValue(),
			fc.record({ requestId: odd, callAccessList: fc.oneof(odd, fc.array(fc.oneof(entry, odd))) }),
		);
		fc.assert(
			fc.property(answer, (body) => {
				let calls: unknown;
				try {
					calls = [...readAccessResponse(JSON.stringify(body), ['1', '2']).access.keys()];
				} catch (thrown) {
					calls = thrown instanceof FailureError ? ['1', '2'] : thrown;
				}
				expect(calls).toEqual(['1', '2']);
			}),
			{ numRuns: 1000 },
		);
	});

	test('shortens what it found to a line, however long an unexpected ID is', () => {
		const text = JSON.stringify({ callAccessList: [{ callId: 'x'.repeat(5_000) }] });
		let words = '';
		try {
			readAccessResponse(text, ['1']);
		} catch (thrown) {
			words = (thrown as Error).message;
		}
		expect(words).toContain('not asked for');
		expect(words.length).toBeLessThan(300);
	});
});

describe('a page of a listing', () => {
	const page = (rest: object) => readUsersPage(JSON.stringify({ users: [{ id: '1' }], ...rest }));

	test.each<[string, object, string | undefined]>([
		['a cursor', { records: { cursor: 'c' } }, 'c'],
		['a cursor at the top level', { cursor: 'c' }, 'c'],
		[
			'a cursor at the top level, beside records',
			{ records: { totalRecords: 2 }, cursor: 'c' },
			'c',
		],
		['the same cursor twice', { records: { cursor: 'c' }, cursor: 'c' }, 'c'],
		['a whole number for a cursor', { records: { cursor: 7 } }, '7'],
		['no cursor', { records: { totalRecords: 1 } }, undefined],
		['null for a cursor', { records: { cursor: null }, cursor: null }, undefined],
		['an empty cursor', { records: { cursor: '' }, cursor: ' ' }, undefined],
		['no records', {}, undefined],
		['null for records', { records: null }, undefined],
	])('12: with %s continues as it says', (_what, rest, cursor) => {
		expect(page(rest).cursor).toBe(cursor);
		expect(readCallsPage(JSON.stringify({ calls: [], ...rest })).cursor).toBe(cursor);
	});

	test.each<[string, object, RegExp]>([
		['an object for a cursor', { records: { cursor: {} } }, /cursor is an object/],
		['a list for a cursor', { records: { cursor: [] } }, /cursor is a list/],
		['false for a cursor', { records: { cursor: false } }, /cursor is true or false/],
		['a fraction for a cursor', { records: { cursor: 1.5 } }, /cursor is a number/],
		['a number that lost digits', { records: { cursor: 2 ** 60 } }, /cursor is a number/],
		['an object for a cursor at the top level', { cursor: {} }, /cursor is an object/],
		['two cursors', { records: { cursor: 'a' }, cursor: 'b' }, /two cursors/],
		['records that are a list', { records: [1] }, /records are a list/],
		['records that are a text', { records: 'x' }, /records are text/],
	])('12: with %s is refused in words', (_what, rest, words) => {
		expect(() => page(rest)).toThrow(FailureError);
		expect(() => page(rest)).toThrow(words);
	});

	test.each<[unknown, number | undefined]>([
		[0, 0],
		[263, 263],
		['263', 263],
		[undefined, undefined],
		[null, undefined],
		['many', undefined],
		[-1, undefined],
		[1.5, undefined],
		[{}, undefined],
	])('12: reads %j records in all as %j', (totalRecords, total) => {
		expect(page({ records: { totalRecords } }).total).toBe(total);
	});
});

describe('a refusal', () => {
	test.each<[string, string, { requestId: string | null; errors: string[] }]>([
		[
			'as documented',
			'{"requestId":"r","errors":["a","b"]}',
			{ requestId: 'r', errors: ['a', 'b'] },
		],
		['without errors', '{"requestId":"r"}', { requestId: 'r', errors: [] }],
		['with errors as text', '{"errors":"a"}', { requestId: null, errors: [] }],
		[
			'with errors of other kinds',
			'{"errors":[null,1,{},"a"]}',
			{ requestId: null, errors: ['a'] },
		],
		['in HTML', '<h1>502</h1>', { requestId: null, errors: [] }],
		['that is empty', '', { requestId: null, errors: [] }],
		['that is null', 'null', { requestId: null, errors: [] }],
		['that is a list', '["a"]', { requestId: null, errors: [] }],
		[
			'with a number as its request ID',
			'{"requestId":5,"errors":[]}',
			{ requestId: null, errors: [] },
		],
	])('is read %s', (_what, text, refusal) => {
		expect(readRefusal(text)).toEqual(refusal);
	});

	test.each<[number, string[], boolean]>([
		[400, ['Some calls not found'], true],
		[400, ['Too long', 'some CALLS NOT FOUND.'], true],
		[400, ['Call not found'], true],
		[400, ['Some users not found'], false],
		[400, [], false],
		[404, ['Some calls not found'], false],
		[500, ['Some calls not found'], false],
	])('of status %j that says %j is about unknown calls: %j', (status, errors, expected) => {
		expect(saysUnknownCalls(status, { requestId: null, errors })).toBe(expected);
	});

	test.each<[string[], string | undefined]>([
		[
			["You don't have permission to use 'api:call-user-access:read' in your app."],
			'api:call-user-access:read',
		],
		[['Something else', "permission to use 'api:users:read'"], 'api:users:read'],
		[['Access denied'], undefined],
		[[], undefined],
	])('that says %j misses the scope %j', (errors, scope) => {
		expect(missingScope({ requestId: null, errors })).toBe(scope);
	});
});

import type { Failure, GongRefusal } from '../../nodes/GongCallAccess/failure';
import * as connectionMessages from '../../nodes/GongCallAccess/messages/connectionMessages';
import * as explainMessages from '../../nodes/GongCallAccess/messages/explainMessages';
import * as gongMessages from '../../nodes/GongCallAccess/messages/gongMessages';
import * as idMessages from '../../nodes/GongCallAccess/messages/idMessages';
import * as inputMessages from '../../nodes/GongCallAccess/messages/inputMessages';
import * as logMessages from '../../nodes/GongCallAccess/messages/logMessages';
import * as signInMessages from '../../nodes/GongCallAccess/messages/signInMessages';
import * as words from '../../nodes/GongCallAccess/messages/phrases';
import * as writeMessages from '../../nodes/GongCallAccess/messages/writeMessages';
import { GongCallAccess } from '../../nodes/GongCallAccess/GongCallAccess.node';
import { textsIn } from '../harness/package/description';

const {
	notChecked,
	notExplained,
	notKnownWhetherThere,
	playsNotRead,
	tooManyExplained,
	tooManyPlays,
	tooMuchExplained,
	...gaps
} = explainMessages;
const messages = {
	notExplained,
	notKnownWhetherThere,
	playsNotRead,
	tooManyExplained,
	tooManyPlays,
	tooMuchExplained,
	...connectionMessages,
	...gongMessages,
	...idMessages,
	...inputMessages,
	...logMessages,
	...signInMessages,
	...words,
	...writeMessages,
};

// n8n's rule for messages: say what happened, not that something did. "On Error" is the name of n8n's own
// setting.
const FORBIDDEN = /\b((?<!On )errors?|problems?|failures?|mistakes?)\b/i;

const GONG_SAYS = 'The words of Gong';
const refusal: GongRefusal = { requestId: 'r-123', errors: [GONG_SAYS, 'And more of them'] };
const silent: GongRefusal = { requestId: null, errors: [] };
const calls = (count: number): string[] =>
	Array.from({ length: count }, (_, place) => String(100 + place));

const READ = 'api:call-user-access:read';
/** In Gong's words. */
const lacking = (scope: string): GongRefusal => ({
	requestId: 'r-123',
	errors: [`You don't have permission to use '${scope}' in your app.`],
});
const BAD_INPUT = messages.badInput('Call IDs', 'is empty', 'Give some.');

/** Every text about calls, with the data that it is made from. */
const MADE: [string, Failure][] = [
	['badInput', BAD_INPUT],
	['badBaseUrl', messages.badBaseUrl('missing', '')],
	['notAllowed', messages.notAllowed(new Error('Domain not allowed'), calls(1))],
	['notAllowed with something thrown that is not an Error', messages.notAllowed('text', calls(1))],
	['unauthorized', messages.unauthorized(401, refusal, READ, undefined, calls(2))],
	[
		'unauthorized in many words',
		messages.unauthorized(
			401,
			{ requestId: 'r-123', errors: ['a word'.repeat(40)] },
			READ,
			undefined,
			[],
		),
	],
	['unauthorized for a scope', messages.unauthorized(401, lacking(READ), READ, READ, calls(2))],
	...['api:users:read', 'api:calls:read:basic', 'api:calls:read:extensive'].map(
		(scope): [string, Failure] => [
			`unauthorized for the scope ${scope}`,
			messages.unauthorized(401, lacking(scope), scope, scope, calls(2)),
		],
	),
	...(['addresses', 'callDetails', 'userDetails', 'userList'] as const).map(
		(what): [string, Failure] => [
			`orDoWithout, for ${what}`,
			messages.orDoWithout(messages.unauthorized(401, lacking(READ), READ, READ, []), what),
		],
	),
	['orReport', messages.orReport(messages.unknownCalls(calls(2), refusal))],
	['runLostDigits', messages.runLostDigits(['7782342274025938000', '7263518490127735000'])],
	['nothingPicked', messages.nothingPicked('User Names or IDs', 'user')],
	['unauthorized without words', messages.unauthorized(401, silent, READ, undefined, calls(2))],
	...[true, false].map((byOAuth2): [string, Failure] => [
		`unauthorized with 403, by OAuth2: ${byOAuth2}`,
		messages.unauthorized(403, refusal, READ, undefined, calls(1), byOAuth2),
	]),
	...['api:users:read', 'api:library:read'].map((scope): [string, Failure] => [
		`unauthorized for the scope ${scope} by OAuth2`,
		messages.unauthorized(403, lacking(scope), scope, scope, calls(2), true),
	]),
	[
		'withAdvice',
		messages.withAdvice(messages.unauthorized(403, silent, READ, READ, []), 'give IDs'),
	],
	...[
		[403, true, 'Attention Required! | Cloudflare'],
		[403, true, ''],
		[403, false, 'Forbidden'],
		[403, false, ''],
		[400, true, 'Bad Request'],
		[407, true, 'Proxy Authentication Required'],
	].map(([status, isPage, said]): [string, Failure] => [
		`standsBetween with ${status}, a page: ${isPage}, ${said}`,
		messages.standsBetween(
			Number(status),
			{ isPage: Boolean(isPage), said: String(said) },
			calls(1),
		),
	]),
	...['Not Found', ''].map((title): [string, Failure] => [
		`byPage ${title}`,
		messages.byPage(messages.notFound(silent, []), title),
	]),
	['refused with 400', messages.refused(400, refusal, calls(1))],
	['refused for a user', messages.refused(400, refusal, calls(1), true)],
	...[[], [0, 2]].flatMap((items) =>
		[['11'], ['11', '12']].map((users): [string, Failure] => [
			`unknownUser of ${users.join()}, items ${items.join()}`,
			messages.unknownUser(messages.refused(400, refusal, calls(1), true), users, items),
		]),
	),
	...[calls(1), calls(12)].flatMap((ids) =>
		[true, false].map((goesOn): [string, Failure] => [
			`unknownOfPeriod, ${ids.length} calls, goes on: ${goesOn}`,
			messages.unknownOfPeriod(ids, refusal, false, goesOn),
		]),
	),
	['refused with 500', messages.refused(500, refusal, calls(1))],
	['refused without words', messages.refused(503, silent, calls(1))],
	['unknownCalls, one', messages.unknownCalls(calls(1), refusal)],
	['unknownCalls, many', messages.unknownCalls(calls(12), refusal)],
	['unknownCalls, without which', messages.unknownCalls([], refusal)],
	['rateLimited', messages.rateLimited(7_200_000, refusal, calls(3))],
	['rateLimited without words', messages.rateLimited(7_200_000, silent, calls(3))],
	['heldTooLong', messages.heldTooLong(90_000, calls(3))],
	...(['passing', 'certificate', 'insecure', 'unreachable'] as const).map(
		(kind): [string, Failure] => [
			`noAnswer, ${kind}`,
			messages.noAnswer({ kind, code: 'ECODE', sent: false }, calls(3)),
		],
	),
	[
		'noAnswer without a code',
		messages.noAnswer({ kind: 'passing', code: '', sent: true }, calls(3)),
	],
	[
		'noAnswer, insecure and perhaps sent',
		messages.noAnswer({ kind: 'insecure', code: 'EPROTO', sent: true }, calls(3)),
	],
	['noNewToken', messages.noNewToken({ status: 503, code: '' }, calls(3))],
	['noNewToken without a status', messages.noNewToken({ status: null, code: '' }, calls(3))],
	['notFound', messages.notFound(refusal, calls(3))],
	['notFound without words', messages.notFound(silent, calls(3))],
	['unauthorized by OAuth2', messages.unauthorized(401, refusal, READ, undefined, calls(2), true)],
	['unexpectedAnswer', messages.unexpectedAnswer(200, 'it is empty', calls(3))],
	...['CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID'].map((code): [string, Failure] => [
		`noAnswer, ${code}`,
		messages.noAnswer({ kind: 'certificate', code, sent: false }, calls(3)),
	]),
	['listingNotWhole', messages.listingNotWhole(200, 'it lists 2 of 5 entries')],
	['cursorExpired', messages.cursorExpired(messages.refused(400, refusal, []))],
	['answerTooLong', messages.answerTooLong(64 * 1024 ** 2, calls(3))],
	['redirected', messages.redirected(307, calls(3))],
	['tooManyRows', messages.tooManyRows(200_000, 110_000, calls(3))],
	['unknownAddresses', messages.unknownAddresses('Users', ['a@example.com'])],
	['unknownAddresses, many', messages.unknownAddresses('Users', ['a@b.co', 'c@d.co'])],
	['ambiguousAddress', messages.ambiguousAddress('Users', 'a@b.co', ['11', '12'])],
	['notReadBack', messages.notReadBack(messages.refused(500, refusal, calls(1)), calls(1))],
	['halfReplaced', messages.halfReplaced(messages.refused(400, refusal, calls(1)), calls(2))],
	[
		'halfReplaced, unknown',
		messages.halfReplaced({ ...messages.refused(500, refusal, []), outcome: 'unknown' }, calls(2)),
	],
	['notAllUsersKnown', messages.notAllUsersKnown(1)],
	['callsNotKnown', messages.callsNotKnown(3)],
	['mayBeMeant', messages.mayBeMeant(['11', '12'], calls(1), 3)],
	['leftOutByExecuteOnce', messages.leftOutByExecuteOnce(true)],
	['leftOutByExecuteOnce, calls not known', messages.leftOutByExecuteOnce(false)],
	['refusedThoughKnown', messages.refusedThoughKnown(refusal, calls(1))],
	[
		'unchangedNotReadBack',
		messages.unchangedNotReadBack(messages.refused(500, refusal, []), calls(1)),
	],
	['unusableExpression', messages.unusableExpression(new Error('This is what n8n says'))],
	['unexpected', messages.unexpected(calls(1), false)],
	['unexpected after a write began', messages.unexpected(calls(1), true)],
	[
		'afterEarlierWrites',
		messages.afterEarlierWrites(BAD_INPUT, {
			accepted: calls(2),
			...{ earlier: [], half: [], unknown: [], notDone: [] },
		}),
	],
	['credentialsDiffer', messages.credentialsDiffer(calls(2))],
	['listingNotWhole', messages.listingNotWhole(200, 'it names 2 of 3 calls')],
	['noneKnown', messages.noneKnown(500)],
	['afterEarlierTry', messages.afterEarlierTry(BAD_INPUT, calls(2), true)],
	['spelledTwice', messages.spelledTwice('011', '11')],
	['tooMuchChanged', messages.tooMuchChanged(200_000_000, true, calls(1))],
	['tooMuchChanged, by Grant', messages.tooMuchChanged(200_000_000, false, calls(1))],
	['tooMuchListed', messages.tooMuchListed(200_000_000, calls(2))],
	['tooMuch', messages.tooMuch(200_000_000, 'Read fewer calls in one execution.', calls(2))],
	['unauthorized with 403', messages.unauthorized(403, refusal, READ, undefined, calls(1))],
	['usersNotLookedUp', messages.usersNotLookedUp(messages.refused(400, refusal, []))],
	['unknownCalls where the run goes on', messages.unknownCalls(calls(1), refusal, false, true)],
	['optionsDiffer', messages.optionsDiffer(calls(2))],
	['nothingWritten', messages.nothingWritten(messages.refused(500, refusal, calls(1)))],
	['notTried', messages.notTried(messages.refused(500, refusal, calls(1)), calls(3))],
	...(['missing', 'noAddress', 'moreThanAddress', 'notHttps'] as const).map(
		(fault): [string, Failure] => [
			`badBaseUrl, ${fault}`,
			messages.badBaseUrl(fault, 'http://api.gong.io'),
		],
	),
	['missingField', messages.missingField('Call ID Field', 'id', undefined, false)],
	['missingField for a replace', messages.missingField('Call ID Field', 'id', undefined, true)],
	['nothingFound', messages.nothingFound('Call IDs', false)],
	['nothingFound for a replace', messages.nothingFound('Call IDs', true)],
	['notAFieldName', messages.notAFieldName('Call ID Field', 7)],
	[
		'idForFieldName',
		messages.idForFieldName('Call ID Field', {
			kind: 'call',
			isAddress: false,
			from: 'Calls From',
			typed: 'Call IDs',
		}),
	],
	['periodOnlyForReads', messages.periodOnlyForReads()],
	['notInThePast', messages.notInThePast('Played Since', '2126-01-01')],
	['emptyPeriod', messages.emptyPeriod('Period End', 'Period Start', '2026-11-23', '2026-11-22')],
	['notADateTime', messages.notADateTime('Period Start', 'soon')],
	['detailsNotLookedUp', messages.detailsNotLookedUp(messages.refused(400, refusal, calls(1)))],
	['noWays', messages.noWays('Ways')],
	['tooMuchExplained', messages.tooMuchExplained(200_000_000, calls(2))],
	['tooManyPlays', messages.tooManyPlays('2026-08-31T00:00:00.000Z', 1_234, 1_000)],
	['tooManyPlays, of a number not told', messages.tooManyPlays('2026-08-31', undefined, 1_000)],
	['playsNotRead', messages.playsNotRead(messages.refused(500, refusal, []))],
	[
		'notKnownWhetherThere',
		messages.notKnownWhetherThere(messages.refused(500, refusal, []), calls(2)),
	],
	['tooManyExplained', messages.tooManyExplained(200_000, 110_000, calls(2))],
	['notExplained', messages.notExplained(messages.refused(500, refusal, []), calls(2))],
	...['call-user-access', 'permission-profile', 'library', 'users'].map((of): [string, Failure] => {
		const scope = `api:${of}:read`;
		const because = messages.unauthorized(403, silent, scope, undefined, []);
		return [`notExplained for the scope ${scope}`, messages.notExplained(because, calls(2))];
	}),
	['unknownCalls, left out', messages.unknownCalls(calls(1), silent)],
	['notTriedApart', messages.notTriedApart(messages.refused(400, refusal, calls(3)))],
	['unreadable', messages.unreadable('Call IDs')],
	['noOptions', messages.noOptions('all')],
	['notAChoice', messages.notAChoice('Operation', { list: 'Get Many', grant: 'Grant' }, 'give')],
	['emptyField', messages.emptyField('Call ID Field', 'id', false)],
	['refusedForUsers', messages.refusedForUsers(messages.refused(400, refusal, calls(1)), ['11'])],
	[
		'refusedTogether',
		messages.refusedTogether(messages.refused(400, refusal, calls(1)), ['11'], [0, 2]),
	],
	['notYesOrNo', messages.notYesOrNo('Dry Run', 'maybe')],
	['notInRange', messages.notInRange('Requests per Second', 0.1, 100, 0)],
	['notAWholeNumber', messages.notAWholeNumber('Max Wait (Seconds)', 0, 1.5)],
	...Object.entries({
		noIds: messages.noIds('call'),
		tooManyIds: messages.tooManyIds(1_000_000),
		tooLongText: messages.tooLongText(25_000_000),
		shortId: messages.shortId('user', '423'),
		groupedNumber: messages.groupedNumber('234,599,484,848,423'),
		'unusableNumber, not exact': messages.unusableNumber('call', 7782342274025938000),
		unusableNumber: messages.unusableNumber('user', 1.5),
		wrongType: messages.wrongType('call', true, false),
		'wrongType in a list': messages.wrongType('user', {}, true),
		brokenList: messages.brokenList('call', '["1"'),
		unclear: messages.unclear('user', 'Ana 12 <ana@x.io>'),
		'unclear, of calls': messages.unclear(
			'call',
			'https://app.gong.io/call?id=1,7263518490127735046',
		),
		morePeople: messages.morePeople('mailto:ana@x.io?cc=bo@x.io'),
		tooLongAddress: messages.tooLongAddress('ana@x.io', 320),
		linkWithoutCall: messages.linkWithoutCall('https://app.gong.io/calls'),
		tooLongLink: messages.tooLongLink('https://app.gong.io/call', 4_000),
		foreignLink: messages.foreignLink('https://example.com/call?id=1'),
		unseenCharacter: messages.unseenCharacter('call', '1\u200b2', '\\u200b'),
		otherDigits: messages.otherDigits('user', '٣'),
		tooManyDigits: messages.tooManyDigits('call', '123456789012345678901'),
		notAnId: messages.notAnId('call', 'one', false),
		'notAnId, as a sheet shows it': messages.notAnId('call', '7.78234E+18', true),
		noWorkspace: messages.noWorkspace(undefined),
		severalWorkspaces: messages.severalWorkspaces('1 2'),
	}).map(([name, { what, advice }]): [string, Failure] => [
		name,
		messages.badInput('Call IDs', what, advice),
	]),
];

describe.each(MADE)('the text of %s', (_name, failure) => {
	test('follows n8n’s wording rules', () => {
		expect(failure.message).not.toMatch(FORBIDDEN);
		expect(messages.description(failure)).not.toMatch(FORBIDDEN);
		expect(messages.inOneText(failure)).not.toMatch(FORBIDDEN);
	});

	test('is whole sentences', () => {
		const text = messages.inOneText(failure);
		expect(text).toMatch(/^('|n8n|[A-Z]).*[.?!)]$/s);
		expect(text).not.toMatch(/\.\.|undefined|null|NaN|\[object| {2}| \./);
	});

	test('says what to do next', () => {
		expect(messages.inOneText(failure)).toMatch(
			/\b(Ask|Check|Set|Switch|Split|Give|Open|[Rr]un|raise|add|set|technical administrator|Put|Take out|Pass|Pick|Type|Correct|Change|Choose|Write|includes)\b/,
		);
	});
});

test('what was not checked is told by name and in words, without those of other ways', () => {
	const why = Object.values(gaps).filter((gap) => typeof gap === 'string');
	expect(why.length).toBeGreaterThan(3);
	const told = notChecked(
		['participant', 'permissionProfile'],
		[
			...[...why, gaps.unknownLevels(['Sales'])].map((one) => ({
				way: 'participant' as const,
				why: one,
			})),
			{ way: 'libraryFolder', why: why[0] },
		],
	);
	expect(told).toHaveLength(4 + 3 + why.length + 1);
	for (const line of told) {
		expect(line).toMatch(/^[a-zA-Z]+: [a-z][^.]*$/);
		expect(line).not.toMatch(FORBIDDEN);
	}
	expect(told.filter((line) => line.startsWith('libraryFolder'))).toEqual([
		expect.stringMatching(/\(not chosen\)$/),
	]);
});

test('every text function of the module is in the table above', () => {
	const names = MADE.map(([name]) => name.split(/[ ,]/)[0]);
	const others = [
		'waitingForGong',
		'waitingToRepeat',
		'progress',
		'runEnded',
		'playsLeftOut',
		'aboutRun',
		'description',
		'inOneText',
		'logUnexpected',
		'writtenSoFar',
		'runAnswered',
		'checkDigits',
		// Building blocks of texts, and the one text that needs no advice.
		...[
			'answered',
			'duration',
			'failureOf',
			'gongSays',
			'listed',
			'wordsOf',
			'MAX_TO_CORRECT',
			'gongsWords',
			'isShort',
		],
		'canceled',
	];
	expect([...new Set(names), ...others].sort()).toEqual(Object.keys(messages).sort());
});

test.each<[string, Failure, Partial<Failure>]>([
	['badInput', BAD_INPUT, { reason: 'badInput', outcome: 'notSent', httpStatus: null }],
	[
		'unauthorized',
		messages.unauthorized(401, refusal, READ, undefined, calls(1)),
		{ reason: 'unauthorized', outcome: 'refused', httpStatus: 401 },
	],
	[
		'refused',
		messages.refused(400, refusal, calls(1)),
		{ reason: 'refused', outcome: 'refused', httpStatus: 400 },
	],
	[
		'unknownCalls',
		messages.unknownCalls(calls(1), refusal),
		{ reason: 'unknownCalls', outcome: 'refused', httpStatus: 400 },
	],
	[
		'rateLimited',
		messages.rateLimited(1, refusal, calls(1)),
		{ reason: 'rateLimit', outcome: 'refused', httpStatus: 429 },
	],
])('%s gives its reason, its outcome and the status', (_name, failure, expected) => {
	expect(failure).toMatchObject(expected);
});

test.each(MADE.filter(([, { gongErrors }]) => gongErrors.length > 0))(
	'Gong’s own words and request ID are in the text of %s',
	(_name, failure) => {
		const text = messages.inOneText(failure);
		for (const words of failure.gongErrors) expect(text).toContain(words);
		expect(text).toContain('r-123');
	},
);

test.each([401, 403] as const)('a %d that names a scope has it as its title', (status) => {
	const scope = 'api:users:read';
	const failure = messages.unauthorized(status, lacking(scope), READ, scope, calls(1));
	expect(failure).toMatchObject({
		message: 'The credential lacks the scope api:users:read',
		missingScope: scope,
		concerns: 'requestsLikeIt',
	});
	expect(failure.advice).toContain("You don't have permission to use 'api:users:read'");
});

test('nothing but Gong names a scope', () => {
	for (const status of [401, 403] as const) {
		for (const byOAuth2 of [true, false]) {
			const failure = messages.unauthorized(status, refusal, READ, undefined, calls(1), byOAuth2);
			expect(messages.inOneText(failure)).not.toMatch(/api:|scope/);
			expect(failure.missingScope).toBeUndefined();
			expect(failure.concerns).toBe(status === 403 ? 'requestsLikeIt' : 'credential');
		}
	}
});

test('nobody is told to give a key scopes that its window does not have', () => {
	const failure = messages.unauthorized(401, lacking(READ), READ, READ, calls(1));
	expect(failure.advice).toContain('Ask a Gong technical administrator what this key may do');
	expect(failure.advice).not.toMatch(/[Aa]dd the scope/);
});

test('words of Gong that are too long for a title stand below it', () => {
	const errors = ['long '.repeat(30).trim()];
	const failure = messages.unauthorized(401, { requestId: null, errors }, READ, undefined, []);
	expect(failure.message).toBe('Gong did not accept the sign-in');
	expect(failure.advice).toContain(`Gong says: ${errors[0]}. Check Access Key`);
});

test('names three of many calls, and the number of the others', () => {
	const text = messages.inOneText(messages.refused(400, refusal, calls(25)));
	expect(text).toContain('Affected calls: 100, 101, 102 and 22 more.');
	expect(text).not.toContain('103');
});

test.each<[string, Failure]>([
	[
		'a credential that Gong does not take',
		messages.unauthorized(401, refusal, READ, undefined, calls(2)),
	],
	[
		'a Gong that is not available',
		messages.nothingWritten(messages.refused(503, refusal, calls(2))),
	],
	['a rate limit', messages.rateLimited(7_200_000, refusal, calls(2))],
	[
		'a lost read',
		messages.nothingWritten(messages.noAnswer({ kind: 'passing', code: '', sent: true }, calls(2))),
	],
])('names no calls for %s, which has nothing to do with them', (_name, failure) => {
	expect(failure.callIds).toHaveLength(2);
	expect(messages.description(failure)).not.toMatch(/\b10[01]\b|Affected/);
});

test('names the calls of a lost write, since it may have been carried out', () => {
	const lost = messages.noAnswer({ kind: 'passing', code: '', sent: true }, calls(2));
	expect(messages.description(lost)).toContain('Affected calls: 100, 101.');
});

test('calls a 503 what it is, and no refusal', () => {
	const { message, reason } = messages.refused(503, refusal, []);
	expect(message).toContain('Gong is not available at the moment (status 503)');
	expect(message).not.toContain('refused');
	expect(reason).toBe('unavailable');
});

test.each([
	[90_000, true],
	[6 * 3_600_000, false],
])('advises to raise Max Wait for a wait of %j ms: %j', (ms, raise) => {
	const { advice } = messages.rateLimited(ms, silent, []);
	expect(advice.includes("'Max Wait (Seconds)'")).toBe(raise);
	expect(advice.includes('Run the workflow again then')).toBe(!raise);
});

test('names a scope where somebody reads first, and what to do without it', () => {
	const failure = messages.unauthorized(401, lacking('api:users:read'), READ, 'api:users:read', []);
	expect(failure.message).toContain('The credential lacks the scope api:users:read');
	expect(failure.advice).not.toContain('Without it');
	const { advice } = messages.orDoWithout(failure, 'userDetails');
	expect(advice).toContain("Without it, switch off the option 'Include User Details'.");
	const unnamed = messages.unauthorized(403, refusal, 'api:users:read', undefined, []);
	expect(messages.orDoWithout(unnamed, 'userDetails').advice).toContain(
		"To do without, switch off the option 'Include User Details'.",
	);
	const other = messages.refused(400, refusal, []);
	expect(messages.orDoWithout(other, 'userDetails')).toEqual(other);
});

test('splits what is wrong with a base URL into title and advice', () => {
	const { message, advice } = messages.badBaseUrl('notHttps', 'http://api.gong.io');
	expect(message).toContain('must start with https://');
	expect(message).not.toContain('Set Base URL');
	expect(advice).toContain('Set Base URL in the credential to https://api.gong.io');
});

test('says what to check about an unknown ID only where it looks rounded', () => {
	expect(messages.checkDigits([])).toBe('');
	const text = messages.checkDigits(['7782342274025938000']);
	expect(text).toMatch(
		/^7782342274025938000 may have lost the last digits.*Pass the ID as text.*\.$/,
	);
	expect(text).not.toMatch(FORBIDDEN);
});

test('names unknown calls in the message', () => {
	expect(messages.unknownCalls(['7'], refusal).message).toContain('call 7');
	expect(messages.unknownCalls(['7', '8'], refusal).message).toContain('2 of the calls: 7, 8');
});

test.each([
	[1, '1 second'],
	[1_000, '1 second'],
	[1_001, '2 seconds'],
	[90_000, '90 seconds'],
	[600_000, '10 minutes'],
	[7_200_000, '2 hours'],
	[86_400_000, '24 hours'],
])('shows a wait of %j ms as %j', (ms, words) => {
	expect(messages.rateLimited(ms, silent, []).message).toContain(words);
	expect(messages.waitingForGong(ms)).toContain(words);
});

test('shows an endless wait in words too', () => {
	expect(messages.rateLimited(1e18, silent, []).reason).toBe('rateLimit');
});

test('says when Gong will take requests again', () => {
	const failure = messages.rateLimited(7_200_000, refusal, []);
	const time = /at about (\d{4}-\d{2}-\d{2} \d{2}:\d{2}) UTC/.exec(failure.advice)?.[1] ?? '';
	const inMinutes = (Date.parse(`${time.replace(' ', 'T')}:00Z`) - Date.now()) / 60_000;
	expect(inMinutes).toBeGreaterThan(118);
	expect(inMinutes).toBeLessThan(121);
});

test('progress shows how far the run is, and what it waits for', () => {
	expect(messages.progress(100, 300, '')).toMatch(/100 of 300 calls/);
	const waiting = messages.progress(100, 300, messages.waitingForGong(5_000));
	expect(waiting).toMatch(/100 of 300 calls.*5 seconds/);
	expect(messages.waitingToRepeat(500)).not.toMatch(FORBIDDEN);
});

test('the statement about what a write did so far follows n8n’s wording rules', () => {
	const text = messages.writtenSoFar({
		accepted: ['1'],
		earlier: ['3'],
		half: ['5'],
		unknown: ['2'],
		notDone: ['3', '4'],
	});
	expect(text).toMatch(
		/Accepted before this for call 1\. .*other items of call 3\..*taken.* for call 5\. Not known.* for call 2\. Not carried out for calls 3, 4\./,
	);
	expect(text).not.toMatch(FORBIDDEN);
	const none = messages.writtenSoFar({
		accepted: [],
		earlier: [],
		half: [],
		unknown: [],
		notDone: [],
	});
	expect(none).toMatch(/Nothing was accepted/);
});

test('the panel’s texts follow n8n’s wording rules too', () => {
	const texts = textsIn(new GongCallAccess().description);
	expect(texts.length).toBeGreaterThan(20);
	expect(texts.filter((text) => FORBIDDEN.test(text))).toEqual([]);
});

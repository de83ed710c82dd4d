import type { Fault } from '../../harness/gong';
import { FormBrowser, type FormPage } from '../../harness/n8n/formBrowser';
import { keyOf, type Pair } from './accessPairs';
import { DAY, type ExampleRoom } from './exampleRoom';
import type { LentBook } from './lentBook';

/** What somebody types into the form, and what happens to it. */
export interface Wish {
	readonly callIds: readonly string[];
	readonly userIds: readonly string[];
	/** Addresses that no Gong user has. */
	readonly strangers: readonly string[];
	readonly days: number;
	/** Whether they agree to what they see. */
	readonly agrees: boolean;
	/** Gong refuses to give it, or its answer is lost. */
	readonly trouble?: 'refused' | 'lost';
	/** Others give one of them access after the plan was shown. */
	readonly isOvertaken: boolean;
}

const TROUBLE: Readonly<Record<'refused' | 'lost', { fault: Fault; words: string }>> = {
	refused: {
		fault: { kind: 'status', status: 400, errors: ['Not today'] },
		words: 'not given. Gong says: Not today',
	},
	lost: { fault: { kind: 'reset', applied: true }, words: 'not known whether it was given' },
};

/** Its lines about calls and people, and those of them that are left as they are. */
function linesOf({ text }: FormPage): readonly string[][] {
	return text.split('Left as they are:').map((part) => part.match(/^• .*$/gm) ?? []);
}

/**
 * Fills in the form of Temporary access, and notes in the book what it gave.
 * @returns what its pages say and is not so
 */
export async function fulfil(
	{ n8n, gong, clock }: ExampleRoom,
	book: LentBook,
	form: string,
	{ callIds, userIds, strangers, days, agrees, trouble, isOvertaken }: Wish,
): Promise<readonly string[]> {
	const { state } = gong;
	const wrong: string[] = [];
	const expectLines = (
		{ text }: FormPage,
		said: readonly string[],
		expected: readonly string[],
	) => {
		if (said.join('\n') !== expected.join('\n')) {
			wrong.push(`${text}\nexpected: ${expected.join('\n')}`);
		}
	};
	const lineOf = ({ callId, userId }: Pair, end = '', mark = ''): string => {
		const { firstName, lastName, emailAddress, active } = state.users.get(userId) ?? {};
		const name = `${firstName} ${lastName} (${emailAddress})${active ? '' : ', who has left'}`;
		const comma = !active && end.startsWith(' ') ? ',' : '';
		return `• ${state.calls.get(callId)?.title}${mark}: ${name}${comma}${end}`;
	};
	const markOf = ({ callId }: Pair) =>
		state.calls.get(callId)?.isPrivate ? ', a private call' : '';
	const until = clock.now + days * DAY;
	const known = callIds.filter((id) => state.knows(id, 'access'));
	const asked = known.flatMap((callId) => userIds.map((userId) => ({ callId, userId })));
	const gives = asked.filter((pair) => !book.reasonToLeave(pair, until));
	const left = asked.filter((pair) => !gives.includes(pair));

	const browser = new FormBrowser(n8n.rest.session);
	await browser.open(form);
	const addresses = userIds.map((id) => state.users.get(id)?.emailAddress);
	const plan = await browser.submit({
		'Links or IDs of the calls': callIds.join('\n'),
		'E-mail addresses of the people': [...addresses, ...strangers].join('\n'),
		'For how long': days === 1 ? '1 day' : `${days} days`,
		Reason: 'Handover',
	});
	const [given, kept = []] = linesOf(plan);
	const isPlan = plan.title === 'Give this access?';
	if (isPlan !== gives.length > 0) wrong.push(`${plan.title}: ${plan.text}`);
	expectLines(
		plan,
		kept,
		left.map((pair) => lineOf(pair, ` ${book.reasonToLeave(pair, until)}`)),
	);
	for (const unknown of [...callIds.filter((id) => !known.includes(id)), ...strangers]) {
		if (!plan.text.includes(unknown)) wrong.push(`${plan.text}: lacks ${unknown}`);
	}
	if (!isPlan) return wrong;
	const says = /^Given until (.*):\n/.exec(plan.text)?.[1] ?? '';
	const longer = (pair: Pair): string => {
		const end = book.endOf(pair, until, says);
		return end === says ? '' : `, until ${end} as before`;
	};
	expectLines(
		plan,
		given,
		gives.map((pair) => lineOf(pair, longer(pair), markOf(pair))),
	);
	if (!agrees) {
		await browser.submit({ 'What should happen?': 'Leave everything as it is' });
		return wrong;
	}

	// What is lent already goes on being lent, whoever gives it meanwhile.
	const isLent = (pair: Pair) => book.pairs.some((one) => keyOf(one) === keyOf(pair));
	const overtaken = isOvertaken ? gives.find((pair) => !isLent(pair)) : undefined;
	if (overtaken) state.grant(overtaken.callId, overtaken.userId);
	const match = { method: 'PUT' };
	if (trouble) gong.fail({ ...TROUBLE[trouble].fault, match, times: Infinity });
	const end = await browser.submit({ 'What should happen?': 'Give the access' });
	gong.clearFaults();
	const wordsOf = (pair: Pair): string => {
		if (pair === overtaken) return 'given access elsewhere in the meantime, which was left alone';
		return trouble ? TROUBLE[trouble].words : `given${longer(pair)}`;
	};
	expectLines(
		end,
		linesOf(end)[0],
		gives.map((pair) => lineOf(pair, `: ${wordsOf(pair)}`)),
	);
	const lent = trouble === 'refused' ? [] : gives.filter((pair) => pair !== overtaken);
	if (end.text.includes(`ends on ${says} by itself`) !== lent.length > 0) wrong.push(end.text);
	for (const pair of lent) book.lend(pair, until, says);
	return wrong;
}

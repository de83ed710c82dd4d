/**
 * `npm run demo`: the built node in n8n's own engine, in this process, against a local Gong. Prints what Get
 * Many, Replace with and without Dry Run, and Explain give, and ends.
 */
import './demo/userFolder';
import '../test/harness/engine/environment';

import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { runNode } from '../test/harness/engine/engine';
import {
	GONG_LIMIT,
	type LocalGong,
	SAMPLE_CALL_IDS,
	SAMPLE_USER_IDS,
	sampleData,
	startLocalGong,
} from '../test/harness/gong';
import { CALL, type Column, EMAIL, NAME, showTable } from './lib/table';

const [CALL_TO_CHANGE] = SAMPLE_CALL_IDS.slice(-1);
const KEPT = [SAMPLE_USER_IDS.priya, 'maria.keller@example.com'];
const DETAILS = { includeUserDetails: true, includeCallDetails: true };

const say = (line = '') => console.log(line);

// A signal ends the demo in order, so that its folder is removed.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.once(signal, () => process.exit(130));
}

async function main(): Promise<void> {
	say(
		"Nothing here reaches the real Gong: a stand-in with a few calls runs in its place, and n8n's",
	);
	say('own engine runs the node.');
	const gong = await startLocalGong({ data: sampleData(), limit: GONG_LIMIT });
	try {
		const run = async (parameters: INodeParameters) => await rowsOf(gong, parameters);

		head('Get Many: who was given access to the calls through Gong’s API');
		const all = { callIds: SAMPLE_CALL_IDS.join(), splitInto: 'users', options: DETAILS };
		say(showTable(await run({ operation: 'list', ...all }), [CALL, NAME, EMAIL]));

		const change = { operation: 'replace', callIds: CALL_TO_CHANGE, userIds: KEPT.join() };
		head('Replace with Dry Run: what would change if only Priya and Maria kept access to a call');
		const preview = await run({ ...change, options: { ...DETAILS, dryRun: true } });
		say(showTable(preview, CHANGES));
		head('Replace: the same without Dry Run');
		say(showTable(await run({ ...change, options: DETAILS }), CHANGES));

		head('Explain: who can see the calls, and why');
		say(showTable(await run({ operation: 'explain', ...all }), EXPLAINED));
		say();
		say('In the editor of a real n8n: npm run editor (fetches n8n, about 3 GB, the first time)');
	} finally {
		await gong.close();
	}
}

/** The names in a list of users. */
const names = (users: unknown): string | undefined =>
	(users as IDataObject[] | undefined)
		?.map(({ userName, userEmail }) => userName ?? userEmail)
		.join(', ');
const CHANGES: Column[] = [
	CALL,
	['Would be given', ({ wouldGrantUsers }) => names(wouldGrantUsers)],
	['Would be taken from', ({ wouldRevokeUsers }) => names(wouldRevokeUsers)],
	['Given', ({ grantedUsers }) => names(grantedUsers)],
	['Taken from', ({ revokedUsers }) => names(revokedUsers)],
	['As before', ({ unchangedUsers }) => names(unchangedUsers)],
];
const EXPLAINED: Column[] = [
	CALL,
	NAME,
	['Active', ({ userActive }) => (userActive === false ? 'has left' : 'yes')],
	['Why', ({ why }) => why],
	['Certainty', ({ certainty }) => certainty],
];

/** The node's rows; throws what the node says when it fails. */
async function rowsOf(gong: LocalGong, parameters: INodeParameters): Promise<IDataObject[]> {
	const { items, error } = await runNode(gong, { parameters, atGongsPace: true });
	if (error) throw error;
	if (items.length === 0) throw new Error(`${String(parameters.operation)} gave no rows.`);
	return items.map(({ json }) => json);
}

function head(text: string): void {
	say();
	say(text);
	say();
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exit(1);
	},
);

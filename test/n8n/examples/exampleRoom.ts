import { type LocalGong, QUICK, startLocalGong } from '../../harness/gong';
import { WITHOUT_EDITOR } from '../../harness/n8n/environment';
import { gongCredential, storeForLocalGong } from '../../harness/n8n/gongCredential';
import { MovedClock } from '../../harness/n8n/movedClock';
import { type RunningN8n, startN8n } from '../../harness/n8n/running';
import { describeUnless, SET_UP_MS, SKIPPED_WITHOUT_N8N } from '../../harness/n8n/skipping';
import { DEFAULT_N8N } from '../../harness/n8n/versions';
import { NODE_TYPE } from '../../harness/package/names';
import { withCredential, type Workflow, type WorkflowNode } from '../../harness/n8n/workflow';
import { type LocalGoogleSheets, localGoogleSheets } from '../../harness/services/googleSheets';
import { type ScriptedModel, startModel } from '../../harness/services/model';
import { startOutside } from '../../harness/services/outside';
import { type LocalQdrant, localQdrant } from '../../harness/services/qdrant';
import { type LocalSlack, localSlack } from '../../harness/services/slack';

// Far more than is ever needed: on a busy machine n8n takes many times as long.
export const FLOW_MS = 400_000;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** What opens the forms that ask for a name and a password. */
export const FORM_SIGN_IN = { user: 'everybody', password: 'local-only' };

/** In what people read, names stand in its place. */
export const AN_ID = /\d{15,}/;

// The n8n release that the examples are made for, recognized by the versions of their nodes.
const MADE_FOR = '2.41.1';
const SKIPPED =
	SKIPPED_WITHOUT_N8N ||
	(DEFAULT_N8N === MADE_FOR ? '' : ` (SKIPPED: they are made for n8n ${MADE_FOR})`);
// On a busy machine an execution that waits for a form ended with an error once in some forty times, for a reason that
// is not known. What the first try met is printed.
jest.retryTimes(1, { logErrorsBeforeRetry: true });

/** Has Gong name everybody twice in its next answer, after some, that says who was given access to calls. */
export function nameTwice(gong: LocalGong, bodyIncludes = '', after = 0): void {
	const change = (answer: unknown) => {
		const { callAccessList } = answer as { callAccessList?: { users: unknown[] }[] };
		if (!callAccessList) return undefined;
		for (const entry of callAccessList) entry.users = [...entry.users, ...entry.users];
		return answer;
	};
	const match = { path: '/v2/calls/users-access', bodyIncludes };
	gong.fail({ kind: 'body', match, after, change });
}

/** A real n8n, with local services in place of Gong and of everything outside. */
export interface ExampleRoom {
	readonly n8n: RunningN8n;
	readonly gong: LocalGong;
	readonly slack: LocalSlack;
	readonly google: LocalGoogleSheets;
	readonly qdrant: LocalQdrant;
	readonly model: ScriptedModel;
	/** The clock of this n8n; it moves only where a test was described with one. */
	readonly clock: MovedClock;
	/** Stores the example as a user sets it up, with a credential in each node that needs one; returns its ID. It hurries. */
	store(workflow: Workflow): Promise<string>;
	/** Publishes an example that begins with a form; returns the form's address. */
	publishForm(workflow: Workflow): Promise<string>;
}

export interface RoomOptions {
	/** The first rows of the tabs of the local Google Sheet. */
	readonly sheets?: Readonly<Record<string, string[]>>;
	/** Whether n8n goes by a clock that the tests move. */
	readonly movesClock?: boolean;
	/** Whether nodes wait as long as they do for users: for Gong's usual limit, for a Gong that is down, between tries. */
	readonly waits?: boolean;
	/** Whether somebody opens n8n's editor. */
	readonly hasEditor?: boolean;
	/** Said in the title, such as a seed. */
	readonly subtitle?: string;
	/** Further settings of n8n. */
	readonly settings?: Readonly<Record<string, string>>;
}

/** A copy whose nodes hardly wait: neither for Gong's usual limit, nor for a Gong that is down, nor between tries. */
function hurried(workflow: Workflow): Workflow {
	const nodes = workflow.nodes.map((node) => {
		const quick = node.retryOnFail ? { ...node, waitBetweenTries: 10 } : node;
		if (node.type !== NODE_TYPE) return quick;
		const options = { ...(node.parameters.options as object), requestsPerSecond: 100, maxWait: 1 };
		return { ...quick, parameters: { ...node.parameters, options } };
	});
	return { ...workflow, nodes };
}

/** Describes an example in a room of its own. */
export function describeExample(
	name: string,
	tests: (room: () => ExampleRoom) => void,
	{
		sheets = {},
		movesClock = false,
		waits = false,
		hasEditor = false,
		subtitle = 'whole',
		settings = {},
	}: RoomOptions = {},
): void {
	const title = `the example ${name}, ${subtitle}, in a real n8n ${DEFAULT_N8N}${SKIPPED}`;
	describeUnless(SKIPPED)(title, () => {
		const toClose: (() => Promise<void> | undefined)[] = [];
		let room: ExampleRoom | undefined;
		let refused: readonly string[] = [];

		beforeAll(async () => {
			const gong = await startLocalGong({ latency: QUICK });
			toClose.unshift(async () => await gong.close());
			const slack = localSlack(['gong-access', 'gong-alerts']);
			const google = localGoogleSheets({ ...sheets });
			const qdrant = localQdrant('gong-calls');
			const model = await startModel();
			toClose.unshift(async () => await model.close());
			const outside = await startOutside([slack, google, qdrant]);
			toClose.unshift(async () => await outside.close());
			refused = outside.refused;
			const clock = new MovedClock();
			toClose.unshift(async () => await clock.dispose());
			const n8n = await startN8n({
				...outside.env,
				...(hasEditor ? {} : WITHOUT_EDITOR),
				...(movesClock ? clock.env : {}),
				...settings,
			});
			toClose.unshift(async () => await n8n.dispose());

			const credentials = {
				'n8n-nodes-base.slack': { type: 'slackApi', data: { accessToken: slack.token } },
				'n8n-nodes-base.gong': gongCredential(gong),
				'n8n-nodes-base.formTrigger': { type: 'httpBasicAuth', data: FORM_SIGN_IN },
				'n8n-nodes-base.googleSheets': { type: 'googleApi', data: { ...google.account } },
				'n8n-nodes-base.httpRequest': { type: 'qdrantApi', data: { ...qdrant.account } },
				'@n8n/n8n-nodes-langchain.lmChatOpenAi': {
					type: 'openAiApi',
					data: { apiKey: 'none', url: model.url },
				},
			};
			const store = async (workflow: Workflow): Promise<string> => {
				let ready = waits ? workflow : hurried(workflow);
				for (const [nodeType, { type, data }] of Object.entries(credentials)) {
					const isMeant = ({ type: its, parameters }: WorkflowNode) =>
						its === nodeType &&
						(type !== 'httpBasicAuth' || parameters.authentication === 'basicAuth');
					if (!workflow.nodes.some(isMeant)) continue;
					const id = await n8n.rest.createCredential({ name: type, type, data });
					ready = withCredential(ready, nodeType, { id, name: type, type });
				}
				return await storeForLocalGong(n8n.rest, gong, ready);
			};
			const publishForm = async (workflow: Workflow): Promise<string> => {
				const { nodes } = await n8n.rest.publish(await store(workflow));
				const trigger = nodes.find(({ type }) => type === 'n8n-nodes-base.formTrigger');
				return `${n8n.url}/form/${trigger?.webhookId}`;
			};
			room = { n8n, gong, slack, google, qdrant, model, clock, store, publishForm };
		}, SET_UP_MS);

		afterAll(async () => {
			for (const close of toClose) await close();
		});

		tests(() => {
			if (!room) throw new Error('The room is not open yet');
			return room;
		});

		it('sent requests to no other host', () => {
			expect(refused).toEqual([]);
		});
	});
}

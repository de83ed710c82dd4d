import pWaitFor from 'p-wait-for';

import type { Execution } from '../../harness/n8n/execution';
import { readExample, withFields } from '../../harness/n8n/examples';
import { isOver } from '../../harness/n8n/rest';
import { withCredential } from '../../harness/n8n/workflow';
import {
	type Answer,
	type Claims,
	deliveryOf,
	GongRule,
	type Oddity,
	type SignedRequest,
	type ToldCall,
} from '../../harness/services/gongRule';
import { type Row, runByHand } from './byHand';
import type { ExampleRoom } from './exampleRoom';

type Table = 'team' | 'calls' | 'given';

/** What Gong was answered, and what the workflow did. */
export interface Told {
	readonly answer: Answer;
	readonly run: Execution;
}

/** As Gong's help shows them. */
export const ACME = { objectType: 'Account', objectId: '0011630000vmLBaEEN', name: 'Acme' };
export const RENEWAL = {
	objectType: 'Opportunity',
	objectId: '0061Q00000mkU1fQAE',
	name: 'Acme - Renewal (28)',
};
export const GLOBEX = { objectType: 'Account', objectId: '0011630000wXyZaQAK', name: 'Globex' };

const TEAM = 'Gong account team';
const FIVE_MINUTES = 5 * 60;
const ALL_ROWS = { conditions: [{ keyName: 'id', condition: 'gt', keyValue: 0 }] };

/** These people, as `accessTo` lists them. */
export const everyone = (...users: string[]): readonly string[] => [...users].sort();

/** The example, set up as the note beside its nodes says, with what people and Gong do to it. */
export class AccountTeamRoom {
	private constructor(
		private readonly room: ExampleRoom,
		readonly workflowId: string,
		readonly rule: GongRule,
	) {}

	static async open(
		room: ExampleRoom,
		settings: Readonly<Record<string, string>> = {},
	): Promise<AccountTeamRoom> {
		const { rest, url } = room.n8n;
		const rule = new GongRule(`${url}/webhook/gong-account-team`);
		const data = { keyType: 'pemKey', publicKey: rule.publicKey, algorithm: 'RS256' };
		const jwt = { name: "Gong's rule", type: 'jwtAuth', data };
		const id = await rest.createCredential(jwt);
		const example = withFields(readExample('account-team'), 'Your settings', settings);
		const ready = withCredential(example, 'n8n-nodes-base.jwt', { ...jwt, id });
		const opened = new AccountTeamRoom(room, await room.store(ready), rule);
		// The table is empty, and there is nothing yet that it could be needed for.
		const first = await opened.hour();
		if (first.status !== 'success') throw new Error(`The first run: ${first.error?.message}`);
		await rest.publish(opened.workflowId);
		return opened;
	}

	/** Who was given access to a call, sorted. */
	readonly accessTo = (callId: string): readonly string[] =>
		this.room.gong.state.accessSnapshot().apiAccess[callId];

	/** The hourly run. */
	async hour(): Promise<Execution> {
		return await this.room.n8n.rest.run(this.workflowId, 'Every hour');
	}

	/** Gong's rule fires for a call. */
	async tells(call: ToldCall, isTest = false): Promise<Told> {
		return await this.receives(this.sign(call, isTest));
	}

	/** What Gong's rule sends of a call now; `odd` names what is not as it should be. */
	sign(call: ToldCall, isTest = false, odd: Oddity = {}): SignedRequest {
		const exp = Math.floor(this.room.clock.now / 1_000) + FIVE_MINUTES;
		const claims = (genuine: Claims) => ({ ...genuine, exp });
		return this.rule.sign(deliveryOf(call, isTest), { claims, ...odd });
	}

	/** A request comes to the webhook, from whomever. */
	async receives(request: SignedRequest): Promise<Told> {
		const { rest } = this.room.n8n;
		const { workflowId } = this;
		const before = (await rest.executions({ workflowId })).map(({ id }) => id);
		const answer = await this.rule.send(request);
		const id = await pWaitFor(
			async () => {
				const now = await rest.executions({ workflowId });
				const over = now.find((one) => !before.includes(one.id) && isOver(one));
				return over !== undefined && pWaitFor.resolveWith(over.id);
			},
			{ interval: 100, timeout: { milliseconds: 60_000, message: 'The webhook began no run' } },
		);
		return { answer, run: await rest.finished(id) };
	}

	/** Somebody fills in the table of the team anew: `[account, user]` in each row. */
	async writeTeam(...rows: readonly (readonly [string | null, string | null])[]): Promise<void> {
		const members = rows.map(([account, user]) => ({ json: { account, user } }));
		const dataTableId = { __rl: true, mode: 'name', value: TEAM };
		await runByHand(
			this.room.n8n.rest,
			['dataTable', 1.1, { dataTableId, operation: 'deleteRows', filters: ALL_ROWS }],
			['code', 2, { jsCode: `return ${JSON.stringify(members)};` }],
			[
				'dataTable',
				1.1,
				{ dataTableId, operation: 'insert', columns: { mappingMode: 'autoMapInputData' } },
			],
		);
	}

	/** Somebody deletes a table. */
	async deleteTable(which: Table): Promise<void> {
		const dataTableId = { __rl: true, mode: 'name', value: this.tables[which] };
		const table = { dataTableId, resource: 'table', operation: 'delete' };
		await runByHand(this.room.n8n.rest, ['dataTable', 1.1, table]);
	}

	/** What a table holds. */
	async rowsOf(which: Table): Promise<readonly Row[]> {
		const dataTableId = { __rl: true, mode: 'name', value: this.tables[which] };
		return await runByHand(this.room.n8n.rest, [
			'dataTable',
			1.1,
			{ dataTableId, operation: 'get', returnAll: true },
		]);
	}

	/** The names of its tables. */
	private get tables(): Readonly<Record<Table, string>> {
		const own = (name: string) => `Account team, ${name} ${this.workflowId}`;
		return { team: TEAM, calls: own('calls'), given: own('given') };
	}
}

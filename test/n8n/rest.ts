import { setTimeout as sleep } from 'node:timers/promises';

import { Execution, type ExecutionRecord, unflatten } from './execution';
import type { StoredCredential, Workflow } from './workflow';

/** How somebody signs in to the editor. */
export interface Owner {
	readonly email: string;
	readonly password: string;
}

/** An execution in n8n's list of them. */
export interface StoredExecution {
	readonly id: string;
	readonly status: string;
}

/** Whether it has come to its end, in whatever way. */
export function isOver({ status }: { readonly status: string }): boolean {
	return !['new', 'running', 'waiting'].includes(status);
}

/** Talks to a running n8n as its editor does. */
export class N8nRest {
	private cookie = '';

	constructor(private readonly url: string) {}

	/** Makes the owner of a new n8n and stays signed in as that. */
	async setupOwner(owner: Owner): Promise<void> {
		await this.send('POST', '/owner/setup', { ...owner, firstName: 'Demo', lastName: 'Owner' });
	}

	/** Stores a credential; gives its ID. */
	async createCredential({ name, type, data }: Omit<StoredCredential, 'id'>): Promise<string> {
		const created = (await this.send('POST', '/credentials', { name, type, data })) as {
			id: string;
		};
		return created.id;
	}

	/**
	 * Goes the way of somebody who connects an OAuth2 credential: from n8n to the other side's consent page,
	 * which must agree by itself, and back to n8n. Gives the address of the consent page.
	 */
	async connectOAuth2(credentialId: string): Promise<URL> {
		const consent = await this.send('GET', `/oauth2-credential/auth?id=${credentialId}`);
		const agreed = await fetch(String(consent), { redirect: 'manual' });
		const callback = agreed.headers.get('location');
		if (!callback?.startsWith(`${this.url}/`)) {
			throw new Error(`The consent page did not lead back to n8n: ${await agreed.text()}`);
		}
		const end = await fetch(callback, { headers: { cookie: this.cookie } });
		const page = await end.text();
		const { data } = (await this.send('GET', `/credentials/${credentialId}?includeData=true`)) as {
			data: { oauthTokenData?: unknown };
		};
		if (!data.oauthTokenData) throw new Error(`n8n did not keep a token: ${page.slice(-1_000)}`);
		return new URL(String(consent));
	}

	/** A JSON file that n8n serves to its editor, or nothing where there is none. */
	async file(path: string): Promise<unknown> {
		const response = await fetch(`${this.url}${path}`, { headers: { cookie: this.cookie } });
		if (response.status === 404) return undefined;
		if (!response.ok) throw new Error(`n8n answered ${response.status} to GET ${path}`);
		return (await response.json()) as unknown;
	}

	/** Checks a stored credential as the editor does on saving; gives what the editor then shows. */
	async testCredential(
		id: string,
		{ name, type, data }: Omit<StoredCredential, 'id'>,
	): Promise<{ status: string; message: string }> {
		const credentials = { id, name, type, data };
		const result = await this.send('POST', '/credentials/test', { credentials });
		return result as { status: string; message: string };
	}

	/** Stores a workflow; gives its ID. */
	async createWorkflow(workflow: Workflow): Promise<string> {
		// n8n 1 insists on being told that it is not active.
		const created = await this.send('POST', '/workflows', { ...workflow, active: false });
		return (created as { id: string }).id;
	}

	/** Runs a stored workflow from its trigger to the end, as the editor's button does. */
	async run(workflowId: string, trigger: string, timeoutMs = 60_000): Promise<Execution> {
		// n8n 1 runs the workflow that comes along, n8n 2 the stored one.
		const workflowData = await this.send('GET', `/workflows/${workflowId}`);
		const started = (await this.send('POST', `/workflows/${workflowId}/run`, {
			workflowData,
			triggerToStartFrom: { name: trigger },
		})) as { executionId: string };
		return await this.whenOver(started.executionId, timeoutMs);
	}

	/** An execution with its data, once it has come to its end. */
	async whenOver(id: string, timeoutMs: number): Promise<Execution> {
		const until = Date.now() + timeoutMs;
		while (Date.now() < until) {
			const execution = await this.execution(id);
			if (isOver(execution)) return execution;
			await sleep(100);
		}
		throw new Error(`The workflow was still running after ${timeoutMs / 1_000} s.`);
	}

	/** Runs a failed execution again, as the editor's "Retry" does; gives the new one's ID. */
	async retry(id: string): Promise<string> {
		const again = (await this.send('POST', `/executions/${id}/retry`, {
			loadWorkflow: false,
		})) as { id: string };
		return again.id;
	}

	/** Publishes a stored workflow, so that its webhooks are listened to. */
	async activate(workflowId: string): Promise<void> {
		const { versionId } = (await this.send('GET', `/workflows/${workflowId}`)) as {
			versionId: string;
		};
		await this.send('POST', `/workflows/${workflowId}/activate`, { versionId });
	}

	/** The stored executions of a workflow, without their data. */
	async executionsOf(workflowId: string): Promise<readonly StoredExecution[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const { results } = (await this.send('GET', `/executions?filter=${filter}&limit=100`)) as {
			results: StoredExecution[];
		};
		return results;
	}

	/** One execution with its data. */
	async execution(id: string): Promise<Execution> {
		const stored = (await this.send('GET', `/executions/${id}`)) as {
			status: string;
			data: string;
		};
		const data = unflatten(stored.data) as ExecutionRecord['data'];
		return new Execution({ status: stored.status, data });
	}

	private async send(method: string, path: string, body?: unknown): Promise<unknown> {
		const response = await fetch(`${this.url}/rest${path}`, {
			method,
			headers: { 'content-type': 'application/json', cookie: this.cookie },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const text = await response.text();
		if (!response.ok) {
			throw new Error(`n8n answered ${response.status} to ${method} ${path}: ${text}`);
		}
		const cookies = response.headers.getSetCookie().map((line) => line.split(';')[0]);
		if (cookies.length > 0) this.cookie = cookies.join('; ');
		return (JSON.parse(text) as { data: unknown }).data;
	}
}

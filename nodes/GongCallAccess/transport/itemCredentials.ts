import type { IExecutePaginationFunctions, IWorkflowExecuteAdditionalData } from 'n8n-workflow';
import type { Result } from '../failure';
import { credentialTypeOf } from './credential';

/** What tells the credential of an item apart from others', or what n8n threw when it was looked up. */
export type CredentialKey = Result<string, unknown>;

// Looking a credential up takes n8n about a millisecond (measured): too long to do it for each of many items.
const MAX_LOOKED_UP = 10;
const SHARED = '';
const SHARED_KEY: CredentialKey = { ok: true, value: SHARED };
// What an expression in a credential may name and still be the same for all items of a run.
const SAME_FOR_ALL = /^\$(secrets|vars|env|execution|workflow|now|today)$/;

/**
 * Tells apart items whose credential differs: n8n resolves an expression in a credential, such as
 * `{{ $json.baseUrl }}`, for each item.
 */
export class ItemCredentials {
	private constructor(
		/** The key of all items; undefined where they may differ. */
		public sharedKey: string | undefined,
		private readonly isLookedUp: boolean,
	) {}

	/** @param items how many items the run has */
	static async of(context: IExecutePaginationFunctions, items: number): Promise<ItemCredentials> {
		const differs = await mayDiffer(context);
		return new ItemCredentials(differs ? undefined : SHARED, differs || items <= MAX_LOOKED_UP);
	}

	/** A key for each item. Kept in memory only, since it holds what the credential holds. */
	async keysOf(contexts: IExecutePaginationFunctions[]): Promise<CredentialKey[]> {
		if (!this.isLookedUp || contexts.length === 1) {
			if (this.sharedKey !== undefined) return contexts.map(() => SHARED_KEY);
		}
		const keys = await Promise.all(contexts.map(keyOf));
		if (!keys.every((key) => isSame(key, keys[0]))) this.sharedKey = undefined;
		return this.sharedKey === undefined ? keys : keys.map(() => SHARED_KEY);
	}
}

function isSame(one: CredentialKey, other: CredentialKey): boolean {
	return one === other || (one.ok && other.ok && one.value === other.value);
}

async function keyOf(context: IExecutePaginationFunctions): Promise<CredentialKey> {
	try {
		const credential = await context.getCredentials(credentialTypeOf(context));
		const baseUrl = String(credential.baseUrl).trim().replace(/\/+$/, '');
		// A token may be refreshed between two look-ups.
		const value = JSON.stringify({ ...credential, baseUrl, oauthTokenData: undefined });
		return { ok: true, value };
	} catch (failure) {
		return { ok: false, failure };
	}
}

/** Whether the stored credential holds an expression that may give each item another value. */
async function mayDiffer(context: IExecutePaginationFunctions): Promise<boolean> {
	const type = credentialTypeOf(context);
	const stored = context.getNode().credentials?.[type];
	// Public in n8n-core, though not in the type that n8n gives to nodes.
	const { additionalData } = context as { additionalData?: IWorkflowExecuteAdditionalData };
	if (!stored) return false;
	if (!additionalData?.credentialsHelper) return true;
	try {
		const raw = await additionalData.credentialsHelper.getDecrypted(
			additionalData,
			stored,
			type,
			context.getMode(),
			context.getExecuteData(),
			true,
		);
		return holdsItemExpression(raw);
	} catch {
		// Whatever is wrong with it shows again when the credential is used, in n8n's own words.
		return false;
	}
}

function holdsItemExpression(value: unknown): boolean {
	if (typeof value === 'string') {
		if (!value.startsWith('=')) return false;
		return (value.match(/\$\w*/g) ?? []).some((name) => !SAME_FOR_ALL.test(name));
	}
	return (
		typeof value === 'object' && value !== null && Object.values(value).some(holdsItemExpression)
	);
}

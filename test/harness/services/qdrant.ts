import type { FastifyInstance } from 'fastify';

import type { Service } from './outside';

/** A stored document, in the form that n8n's own Qdrant node gives it. */
export interface StoredDocument {
	readonly content: string;
	metadata: Record<string, unknown>;
}

/** A local Qdrant, a vector store, with one collection. */
export interface LocalQdrant extends Service {
	/** Its address and key, in the form of n8n's credential. */
	readonly account: { readonly qdrantUrl: string; readonly apiKey: string };
	readonly documents: StoredDocument[];
	/** How many of the next requests are refused. */
	readonly trouble: { refused: number };
}

interface SetPayload {
	readonly key?: unknown;
	readonly payload?: unknown;
	readonly filter?: { readonly must?: readonly unknown[] };
}

interface Match {
	readonly key: string;
	readonly match: { readonly value?: unknown; readonly any?: readonly unknown[] };
}

const HOST = 'local-only.cloud.qdrant.io';

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isMatch(value: unknown): value is Match {
	return isRecord(value) && typeof value.key === 'string' && isRecord(value.match);
}

/**
 * Creates one. It sets payloads below `metadata` by a filter on it, counts by such a filter, and refuses everything else.
 * https://api.qdrant.tech/api-reference/points/set-payload, https://api.qdrant.tech/api-reference/points/count-points
 */
export function localQdrant(collection: string): LocalQdrant {
	const apiKey = 'local-only';
	const documents: StoredDocument[] = [];
	const trouble = { refused: 0 };
	const fits =
		(must: readonly unknown[]) =>
		({ metadata }: StoredDocument) =>
			must.every(
				(one) =>
					isMatch(one) &&
					(one.match.any ?? [one.match.value]).includes(
						metadata[one.key.replace(/^metadata\./, '')],
					),
			);
	return {
		hosts: [HOST],
		account: { qdrantUrl: `https://${HOST}`, apiKey },
		documents,
		trouble,
		register(app: FastifyInstance) {
			app.addHook('onRequest', async (_request, reply) => {
				if (trouble.refused === 0) return;
				trouble.refused -= 1;
				await reply.code(503).send('Service unavailable');
			});
			app.post<{ Params: { name: string }; Body: SetPayload }>(
				'/collections/:name/points/payload',
				async (request, reply) => {
					if (request.headers['api-key'] !== apiKey)
						return await reply.code(401).send('Invalid key');
					const refuse = async (code: number, error: string) =>
						await reply.code(code).send({ status: { error }, time: 0 });
					const { name } = request.params;
					if (name !== collection)
						return await refuse(404, `Collection \`${name}\` doesn't exist!`);
					const { key, payload, filter } = request.body;
					const must = filter?.must ?? [];
					if (
						key !== 'metadata' ||
						!isRecord(payload) ||
						must.length === 0 ||
						!must.every(isMatch)
					) {
						return await refuse(400, 'Format error in JSON body');
					}
					for (const document of documents.filter(fits(must)))
						Object.assign(document.metadata, payload);
					return { result: { operation_id: 0, status: 'completed' }, status: 'ok', time: 0 };
				},
			);
			app.post<{ Params: { name: string }; Body: SetPayload }>(
				'/collections/:name/points/count',
				async (request, reply) => {
					if (request.headers['api-key'] !== apiKey || request.params.name !== collection)
						return await reply.code(401).send('Invalid key');
					const count = documents.filter(fits(request.body.filter?.must ?? [])).length;
					return { result: { count }, status: 'ok', time: 0 };
				},
			);
		},
	};
}

/**
 * Gong's own OpenAPI description as a judge of what the node sends and of what the local Gong answers. The
 * description is Gong's text and no part of this project: it is read where it lies beside the repository.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Judge, LoggedRequest } from '../gong';
import { PROJECT } from '../package/project';

const FILE = path.resolve(PROJECT, '..', 'shared', 'gong-openapi.json');

/** The reason for skipping tests that need the description, for their titles; empty if they run. */
export const SKIPPED_WITHOUT_OPENAPI =
	existsSync(FILE) || process.env.GONG_REQUIRE_OPENAPI === '1'
		? ''
		: " (SKIPPED: without Gong's OpenAPI description at ../shared/gong-openapi.json)";

type Schema = Record<string, unknown>;

interface Operation {
	parameters?: { name: string; in: string; required?: boolean; schema: Schema }[];
	requestBody?: { content: Record<string, { schema: Schema }> };
	responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

interface Description {
	paths: Record<string, Record<string, Operation>>;
	components: { schemas: Record<string, Schema> };
}

/** A judge that keeps what it finds. */
export interface OpenApiJudge extends Judge {
	/** What did not agree with the description, in words. */
	readonly violations: readonly string[];
	/** What was judged, such as `POST /v2/calls/extensive` and `POST /v2/calls/extensive 200`, each once. */
	readonly seen: ReadonlySet<string>;
	/** Forgets what it found. */
	clear(): void;
}

// In live traffic, recorded by others, many of these fields are null, although the description does not say so.
const MAY_HAVE_NULL = [
	'UserMetadata',
	'CallBasicData',
	'LibraryFolder',
	'LibraryFolderListOfCallsResponse',
	'LibraryCall',
	// Assumed: nobody recorded an answer with comments.
	'CollaborationDto',
	'CommentDto',
];

// Each path names only some of these; 429 comes for any of them (documented), and so may the others.
const REFUSED = 'ErrorResponse';

const JSON_BODY = 'application/json';

/** A schema that takes no field that it does not name. */
function strict(schema: unknown, mayHaveNull = false): unknown {
	if (Array.isArray(schema)) return schema.map((part) => strict(part));
	if (typeof schema !== 'object' || schema === null) return schema;
	const { properties, ...rest } = schema as Schema;
	const parts = Object.entries(rest).map(([key, value]) => [key, strict(value)]);
	if (properties === undefined) return Object.fromEntries(parts) as Schema;
	const fields = Object.entries(properties as Schema).map(([name, field]) => {
		const own = strict(field);
		return [name, mayHaveNull ? { anyOf: [{ type: 'null' }, own] } : own];
	});
	return {
		...(Object.fromEntries(parts) as Schema),
		additionalProperties: false,
		properties: Object.fromEntries(fields) as Schema,
	};
}

/** The description calls each field of `logRecord` an object; recorded ones are texts, numbers and booleans. */
function withFreeLogRecord(logEntry: Schema): Schema {
	const properties = { ...(logEntry.properties as Schema), logRecord: { type: 'object' } };
	return { ...logEntry, properties };
}

function compilerOf({ components }: Description): (schema: Schema) => ValidateFunction {
	// Strict mode would refuse the description for its keywords that are none of JSON Schema's.
	const ajv = new Ajv({ allErrors: true, strict: false });
	addFormats.default(ajv);
	const schemas = Object.entries(components.schemas).map(([name, schema]) => [
		name,
		strict(schema, MAY_HAVE_NULL.includes(name)),
	]);
	schemas.push(['logEntry', strict(withFreeLogRecord(components.schemas.logEntry))]);
	ajv.addSchema({ $id: 'gong', components: { schemas: Object.fromEntries(schemas) as Schema } });
	const compiled = new Map<string, ValidateFunction>();
	return (schema) => {
		const text = JSON.stringify(schema).replaceAll('"#/components', '"gong#/components');
		const known = compiled.get(text);
		if (known) return known;
		const validate = ajv.compile(strict(JSON.parse(text)) as Schema);
		compiled.set(text, validate);
		return validate;
	};
}

function errorsOf(validate: ValidateFunction, value: unknown): string[] {
	if (validate(value)) return [];
	return (validate.errors ?? []).map(({ instancePath, message, params }) => {
		const extra: unknown = params.additionalProperty;
		return `${instancePath} ${message}${typeof extra === 'string' ? ` '${extra}'` : ''}`.trim();
	});
}

function parsed(text: string): { json: unknown } | null {
	try {
		return { json: JSON.parse(text) as unknown };
	} catch {
		return null;
	}
}

function isJson(contentType: string | undefined): boolean {
	return contentType?.split(';')[0].trim() === JSON_BODY;
}

/** In a query everything is text. */
function fromQuery(text: string, schema: Schema): unknown {
	return schema.type === 'boolean' && /^(true|false)$/.test(text) ? text === 'true' : text;
}

let shared: { description: Description; compile: (schema: Schema) => ValidateFunction } | undefined;

/**
 * A judge with Gong's description.
 * @throws {Error} where the description is missing
 */
export function openApiJudge(): OpenApiJudge {
	if (!shared) {
		const description = JSON.parse(readFileSync(FILE, 'utf8')) as Description;
		shared = { description, compile: compilerOf(description) };
	}
	const { description, compile } = shared;
	const violations: string[] = [];
	const seen = new Set<string>();
	const operationOf = ({ method, path: at }: LoggedRequest): Operation | undefined => {
		// What comes as through a proxy names the host too.
		const own = /^https?:/.test(at) ? new URL(at).pathname : at;
		return description.paths[own]?.[method.toLowerCase()];
	};
	const find = (what: string, errors: string[]): void => {
		seen.add(what);
		for (const error of errors) violations.push(`${what}: ${error}`);
	};

	const errorsInQuery = ({ query }: LoggedRequest, operation: Operation): string[] => {
		const parameters = (operation.parameters ?? []).filter((one) => one.in === 'query');
		const names = parameters.map(({ name }) => name);
		const unknown = Object.keys(query).filter((name) => !names.includes(name));
		return [
			...unknown.map((name) => `'${name}' is no parameter of the query`),
			...parameters.flatMap(({ name, required, schema }) => {
				const text: string | undefined = query[name];
				if (text === undefined) return required ? [`'${name}' is missing in the query`] : [];
				const errors = errorsOf(compile(schema), fromQuery(text, schema));
				return errors.map((error) => `'${name}' in the query ${error}`);
			}),
		];
	};

	const errorsInBody = ({ body, headers }: LoggedRequest, operation: Operation): string[] => {
		const schema = operation.requestBody?.content[JSON_BODY].schema;
		if (!schema) return body === '' ? [] : ['it takes no body'];
		if (!isJson(headers['content-type'])) return ['the body is not called JSON'];
		const content = parsed(body);
		return content ? errorsOf(compile(schema), content.json) : ['the body is not JSON'];
	};

	const errorsInAnswer = (
		entry: LoggedRequest,
		{ status, body, headers }: Parameters<Judge['answer']>[1],
	): string[] => {
		const content = parsed(body);
		if (!content || !isJson(headers['content-type'])) return ['the answer is not JSON'];
		const named = operationOf(entry)?.responses[String(status)]?.content?.[JSON_BODY].schema;
		if (!named && status < 400) return ['the description has no such answer'];
		const schema = named ?? { $ref: `#/components/schemas/${REFUSED}` };
		const errors = errorsOf(compile(schema), content.json);
		if (typeof content.json !== 'object' || content.json === null) return errors;
		const needed = status < 400 ? ['requestId'] : ['requestId', 'errors'];
		const missing = needed.filter((field) => !(field in (content.json as object)));
		if (status === 429 && !/^[0-9]+$/.test(headers['retry-after'] ?? '')) {
			errors.push('Retry-After is not a number of seconds');
		}
		return [...errors, ...missing.map((field) => `'${field}' is missing`)];
	};

	// Signing in by OAuth2 is not part of the description.
	const isJudged = (entry: LoggedRequest): boolean => !entry.path.startsWith('/oauth2/');

	return {
		violations,
		seen,
		clear: () => {
			violations.length = 0;
			seen.clear();
		},
		request(entry) {
			if (!isJudged(entry)) return;
			const operation = operationOf(entry);
			const errors = operation
				? [...errorsInQuery(entry, operation), ...errorsInBody(entry, operation)]
				: ['the description has no such request'];
			find(`${entry.method} ${entry.path}`, errors);
		},
		answer(entry, answer) {
			if (!isJudged(entry)) return;
			find(`${entry.method} ${entry.path} ${answer.status}`, errorsInAnswer(entry, answer));
		},
	};
}

import { createVerify, generateKeyPairSync } from 'node:crypto';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Service } from './outside';

/** The value of a cell. */
export type Cell = string | number | boolean;

/** A tab of the document. */
export interface LocalSheet {
	readonly title: string;
	readonly rows: Cell[][];
}

/** Rows that a client wrote. */
export interface SheetWrite {
	readonly range: string;
	readonly valueInputOption: string;
	readonly values: readonly (readonly unknown[])[];
}

/** A local Google Sheets, with one document and one service account that may edit it. */
export interface LocalGoogleSheets extends Service {
	/** The service account, in the form of n8n's credential. */
	readonly account: { readonly email: string; readonly privateKey: string };
	/** The address of the document. */
	readonly link: string;
	readonly sheets: readonly LocalSheet[];
	/** The rows that were added, as they came. */
	readonly writes: readonly SheetWrite[];
	/** The cells that were changed, as they came. */
	readonly updates: readonly SheetWrite[];
	/** How many of the next requests are refused, and how many writes are carried out though their answer is lost. */
	readonly trouble: { refused: number; lost: number };
}

const TOKEN_URL = 'https://oauth2.googleapis.com/token';
const SCOPE = 'https://www.googleapis.com/auth/spreadsheets';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const DOCUMENT = '1LocalOnly-0123456789abcdefghijklmnopqrstuvwx';
const TOKEN = 'ya29.local-only';

/** The error in Google's format. */
function refuse(reply: FastifyReply, code: number, status: string, message: string) {
	return reply.code(code).send({ error: { code, message, status } });
}

/** The value of a cell that is entered as a user would: digits become a number, exact to 15 digits. */
function asTyped(value: Cell): Cell {
	return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)
		? Number(Number(value).toPrecision(15))
		: value;
}

/** The tab and the first row of a range such as `'Call access'!5:7`, or its cell, such as `Call access!C5`. */
function readRange(range: string): { title: string; row?: number; column?: number } {
	const [, quoted, plain, letter, row] =
		/^(?:'(.+)'|([^'!]+))(?:!(?:([A-Z])(?=\d+$))?(\d+)(?::\d+)?)?$/.exec(range) ?? [];
	return {
		title: quoted ?? plain ?? '',
		...(row === undefined ? {} : { row: Number(row) }),
		...(letter === undefined ? {} : { column: letter.charCodeAt(0) - 'A'.charCodeAt(0) }),
	};
}

/** Creates one with tabs of these names, each with this first row. */
export function localGoogleSheets(
	headers: Readonly<Record<string, readonly string[]>>,
): LocalGoogleSheets {
	const { privateKey, publicKey } = generateKeyPairSync('rsa', {
		modulusLength: 2048,
		privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
		publicKeyEncoding: { type: 'spki', format: 'pem' },
	});
	const email = 'n8n@local-only.iam.gserviceaccount.com';
	const writes: SheetWrite[] = [];
	const updates: SheetWrite[] = [];
	const trouble = { refused: 0, lost: 0 };
	const sheets = Object.entries(headers).map(([title, header]) => ({ title, rows: [[...header]] }));

	const signedIn = (assertion: string): boolean => {
		const [head, claims, signature] = assertion.split('.');
		const { alg } = read(head);
		const { iss, aud, scope, exp } = read(claims);
		const good = createVerify('RSA-SHA256')
			.update(`${head}.${claims}`)
			.verify(publicKey, Buffer.from(signature, 'base64url'));
		const scopes = String(scope).split(' ');
		const lives = Number(exp) * 1000 > Date.now();
		return (
			good &&
			alg === 'RS256' &&
			iss === email &&
			aud === TOKEN_URL &&
			lives &&
			scopes.includes(SCOPE)
		);
	};

	return {
		hosts: ['sheets.googleapis.com', 'oauth2.googleapis.com'],
		account: { email, privateKey },
		link: `https://docs.google.com/spreadsheets/d/${DOCUMENT}/edit#gid=0`,
		sheets,
		writes,
		updates,
		trouble,
		register(app) {
			app.addContentTypeParser(
				'application/x-www-form-urlencoded',
				{ parseAs: 'string' },
				(_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
			);
			app.post<{ Body: Record<string, string> }>('/token', async (request, reply) => {
				const { grant_type: grant, assertion } = request.body;
				if (request.host !== 'oauth2.googleapis.com' || grant !== GRANT || !signedIn(assertion)) {
					return await reply.code(400).send({ error: 'invalid_grant' });
				}
				return { access_token: TOKEN, expires_in: 3599, token_type: 'Bearer' };
			});
			refusals(app, trouble);
			documentRoutes(app, { sheets, writes, updates });
		},
	};
}

/** Google has trouble of its own. */
function refusals(app: FastifyInstance, trouble: LocalGoogleSheets['trouble']): void {
	const words = 'The service is currently unavailable.';
	app.addHook('onRequest', async (request, reply) => {
		if (trouble.refused === 0 || !request.url.startsWith('/v4/')) return;
		trouble.refused -= 1;
		await refuse(reply, 503, 'UNAVAILABLE', words);
	});
	app.addHook('onSend', async (request, reply, payload) => {
		const isWrite = request.method === 'POST' && request.url.startsWith('/v4/');
		if (trouble.lost === 0 || !isWrite || reply.statusCode !== 200) return payload;
		trouble.lost -= 1;
		reply.code(503);
		return await Promise.resolve(
			JSON.stringify({ error: { code: 503, message: words, status: 'UNAVAILABLE' } }),
		);
	});
}

interface Document {
	readonly sheets: readonly LocalSheet[];
	readonly writes: SheetWrite[];
	readonly updates: SheetWrite[];
}

/** The values as they are kept. */
function kept({ valueInputOption, values }: SheetWrite): Cell[][] {
	const typed = valueInputOption === 'USER_ENTERED';
	return (values as Cell[][]).map((row) => (typed ? row.map(asTyped) : [...row]));
}

function documentRoutes(app: FastifyInstance, { sheets, writes, updates }: Document): void {
	app.addHook('onRequest', async (request, reply) => {
		if (!request.url.startsWith('/v4/')) return;
		if (request.headers.authorization !== `Bearer ${TOKEN}`) {
			await refuse(
				reply,
				401,
				'UNAUTHENTICATED',
				'Request had invalid authentication credentials.',
			);
		} else if ((request.params as { document?: string }).document !== DOCUMENT) {
			await refuse(reply, 404, 'NOT_FOUND', 'Requested entity was not found.');
		}
	});

	app.get('/v4/spreadsheets/:document', () => ({
		sheets: sheets.map(({ title, rows }, index) => ({
			properties: {
				sheetId: index,
				title,
				index,
				sheetType: 'GRID',
				gridProperties: { rowCount: Math.max(1_000, rows.length), columnCount: 26 },
			},
		})),
	}));

	app.get<{ Params: { range: string } }>(
		'/v4/spreadsheets/:document/values/:range',
		async (request, reply) => {
			const { title, row } = readRange(request.params.range);
			const sheet = sheets.find((one) => one.title === title);
			if (!sheet) return await unreadable(request, reply);
			const values = row === undefined ? sheet.rows : sheet.rows.slice(row - 1, row);
			return { range: request.params.range, majorDimension: 'ROWS', values };
		},
	);

	app.post<{
		Params: { range: string };
		Querystring: { valueInputOption?: string };
		Body: { range?: string; values?: unknown };
	}>('/v4/spreadsheets/:document/values/:range', async (request, reply) => {
		const [, range] = /^(.+):append$/.exec(request.params.range) ?? [];
		if (range === undefined) return reply.callNotFound();
		const { valueInputOption } = request.query;
		const { range: named, values } = request.body;
		const sheet = sheets.find((one) => one.title === readRange(range).title);
		if (!sheet) return await unreadable(request, reply);
		if (!isMode(valueInputOption)) return await unspecified(reply);
		if (named !== undefined && named !== range) {
			const message = `Requested writing within range [${range}], but tried writing to [${named}]`;
			return await refuse(reply, 400, 'INVALID_ARGUMENT', message);
		}
		if (!isTable(values)) return await refuse(reply, 400, 'INVALID_ARGUMENT', 'Invalid values');
		const write = { range, valueInputOption, values };
		sheet.rows.push(...kept(write));
		writes.push(write);
		return { spreadsheetId: DOCUMENT, updates: { updatedRows: values.length } };
	});

	app.post<{
		Body: { valueInputOption?: string; data?: { range?: string; values?: unknown }[] };
	}>('/v4/spreadsheets/:document/values::batchUpdate', async (request, reply) => {
		const { valueInputOption = '', data = [] } = request.body;
		if (!isMode(valueInputOption)) return await unspecified(reply);
		const cells = data.map(({ range = '', values }) => {
			const { title, row = 0, column } = readRange(range);
			const found = sheets.find((sheet) => sheet.title === title)?.rows[row - 1];
			return { found, column, write: { range, valueInputOption, values: values as Cell[][] } };
		});
		// All or nothing.
		if (
			cells.some(
				({ found, column, write }) => !found || column === undefined || !isTable(write.values),
			)
		) {
			return await refuse(reply, 400, 'INVALID_ARGUMENT', 'Invalid data');
		}
		for (const { found = [], column = 0, write } of cells) {
			[[found[column]]] = kept(write);
			updates.push(write);
		}
		return { spreadsheetId: DOCUMENT, totalUpdatedCells: cells.length };
	});
}

function isMode(valueInputOption?: string): valueInputOption is string {
	return valueInputOption === 'RAW' || valueInputOption === 'USER_ENTERED';
}

async function unspecified(reply: FastifyReply) {
	const message = "'valueInputOption' is required but not specified";
	return await refuse(reply, 400, 'INVALID_ARGUMENT', message);
}

function isTable(values: unknown): values is Cell[][] {
	return (
		Array.isArray(values) &&
		values.every(
			(row) =>
				Array.isArray(row) &&
				row.every((cell) => cell === null || ['string', 'number', 'boolean'].includes(typeof cell)),
		)
	);
}

async function unreadable(
	request: FastifyRequest<{ Params: { range: string } }>,
	reply: FastifyReply,
) {
	const message = `Unable to parse range: ${request.params.range}`;
	return await refuse(reply, 400, 'INVALID_ARGUMENT', message);
}

function read(part: string): Record<string, unknown> {
	return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
}

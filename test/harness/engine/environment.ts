import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

// n8n-core reads these when it is first required: a folder of its own, and an encryption key.
// One folder for each of jest's workers, reused by later runs, so that they do not pile up.
const worker = process.env.JEST_WORKER_ID ?? 'alone';
const folder = path.join(tmpdir(), `gong-call-access-engine-${worker}`);
mkdirSync(folder, { recursive: true });
process.env.N8N_USER_FOLDER ??= folder;
process.env.N8N_ENCRYPTION_KEY ??= 'engine-tests';
process.env.N8N_LOG_LEVEL ??= 'silent';

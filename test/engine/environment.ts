import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

// n8n-core reads these when it is first required: a folder of its own, and a key to encrypt with.
process.env.N8N_USER_FOLDER ??= mkdtempSync(path.join(tmpdir(), 'gong-call-access-engine-'));
process.env.N8N_ENCRYPTION_KEY ??= 'engine-tests';
// What a test makes go wrong on purpose need not fill the screen.
process.env.N8N_LOG_LEVEL ??= 'silent';

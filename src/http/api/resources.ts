import type { Resource } from './api.ts';
import { assistantRoutes } from './assistants/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { callRoutes } from './calls/routes.ts';
import { campaignRoutes } from './campaigns/routes.ts';
import { checkRoutes } from './checks/routes.ts';
import { connectionRoutes } from './connections/routes.ts';
import { consentRoutes } from './consents/routes.ts';
import { contactRoutes } from './contacts/routes.ts';
import { decisionRoutes } from './decisions/routes.ts';
import { dncRoutes } from './dnc/routes.ts';
import { executionRoutes } from './executions/routes.ts';
import { exportRoutes } from './export/routes.ts';
import { heatMapRoutes } from './heat-map/routes.ts';
import { importRoutes } from './imports/routes.ts';
import { moveRoutes } from './moves/routes.ts';
import { phoneNumberRoutes } from './phone-numbers/routes.ts';
import { progressRoutes } from './progress/routes.ts';
import { replyRoutes } from './replies/routes.ts';
import { scheduleRoutes } from './schedule/routes.ts';
import { templatePreviewRoutes } from './template-preview/routes.ts';
import { tokenRoutes } from './tokens/routes.ts';
import { webhookRoutes } from './webhooks/routes.ts';

/** What the API has, resource by resource, in the order in which its reference lists them. */
export const RESOURCES: Resource[] = [
  campaignRoutes,
  moveRoutes,
  templatePreviewRoutes,
  scheduleRoutes,
  checkRoutes,
  importRoutes,
  contactRoutes,
  executionRoutes,
  exportRoutes,
  decisionRoutes,
  progressRoutes,
  connectionRoutes,
  heatMapRoutes,
  replyRoutes,
  assistantRoutes,
  phoneNumberRoutes,
  callRoutes,
  dncRoutes,
  consentRoutes,
  auditRoutes,
  webhookRoutes,
  tokenRoutes,
];

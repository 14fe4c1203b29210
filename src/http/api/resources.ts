import type { Resource } from './api.ts';
import { dncRoutes } from './dnc/routes.ts';
import { progressRoutes } from './progress/routes.ts';
import { scheduleRoutes } from './schedule/routes.ts';

/** What the API has, resource by resource, in the order in which its reference lists them. */
export const RESOURCES: Resource[] = [scheduleRoutes, progressRoutes, dncRoutes];

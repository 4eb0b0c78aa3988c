import type { Readable } from 'openapi-typescript-helpers'
import type { components } from './schema'

type Schemas = components['schemas']
type Read<Name extends keyof Schemas> = Readable<Schemas[Name]> // as the client answers

export type Account = Read<'Account'>
export type AdditionStatus = Read<'AdditionStatus'>
export type Approach = Read<'Approach'>
export type Action = Read<'Action'>
export type BaseInfo = Read<'BaseInfo'>
export type BatchRequest = Schemas['BatchRequest']
export type Change = Read<'Origin'>['changes'][number]
export type CodeChange = Read<'CodeChange'>
export type CodeLine = Read<'CodeLine'>
export type Commands = Read<'Commands'>
export type Choice = Read<'Choice'>
export type Choices = Read<'Choices'>
export type CheckResult = Read<'CheckResult'>
export type Correction = Schemas['Correction']
export type CustomRobot = Read<'CustomRobot'>
export type Doing = Schemas['Doing']
export type Estimate = Read<'Estimate'>
export type Criterion = Read<'Criterion'>
export type Experiment = Read<'Experiment'>
export type ExperimentHead = Read<'ExperimentHead'>
export type ExperimentList = Read<'ExperimentList'>
export type ExperimentSummary = Read<'ExperimentSummary'>
export type ExploreItem = Read<'ExploreItem'>
export type ExploreList = Read<'ExploreList'>
export type Facet = Read<'Facet'>
export type Finding = Read<'Finding'>
export type Hyperparameters = Schemas['HyperparametersInput']
export type LiveMessage = Read<'LiveMessage'>
export type Measure = Read<'Measure'>
export type Metric = Read<'Metric'>
export type PlayAsk = Schemas['PlayAsk']
export type PlayFrame = Schemas['PlayFrame']
export type Point = Read<'Point'>
export type PlannedTraining = Read<'PlannedTraining'>
export type Plans = Read<'Plans'>
export type ProblemDetails = Read<'ProblemDetails'>
export type ProviderInfo = Read<'ProviderInfo'>
export type Reading = Read<'Reading'>
export type RobotCard = Read<'RobotCard'>
export type RobotInfo = Read<'RobotInfo'>
export type AuditEntry = Read<'AuditEntry'>
export type InvitationInfo = Read<'InvitationInfo'>
export type Member = Read<'Member'>
export type QuotaInfo = Read<'QuotaInfo'>
export type ImproveRequest = Schemas['ImproveRequest']
export type TeachRequest = Schemas['TeachRequest']
export type Reported = Read<'Reported'>
export type ReportReason = Schemas['ReportRequest']['reason']
export type Usage = Read<'Usage'>
export type Spending = Read<'Spending'>
export type Vocabulary = Read<'Vocabulary'>

/** A change of one value: a weight, the clock, a bound, a text. */
export type ValueChange = Exclude<Change, CodeChange>
export type ExperimentStatus = Experiment['status']
export type ApproachStatus = Approach['status']
export type Phase = Approach['phase']
export type Preset = NonNullable<TeachRequest['preset']>
export type Role = Member['role']
export type Scope = Account['tokens'][number]['scopes'][number]
export type Visibility = Experiment['visibility']
export type Verdict = NonNullable<Approach['verdict']>

/** Where an experiment is read from: one's own, or a share that anybody may open. */
export type Source = { kind: 'own' | 'shared'; id: string }

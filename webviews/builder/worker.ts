// What works beside the builder's page: the language, and patterns on samples.
import { answerJobs } from '../kit/answerJobs';
import { answerLanguageJob, type LanguageJob } from './work/languageWork';
import { matchLines, type MatchJob } from './work/matchWork';

export type BuilderJob = LanguageJob | { readonly kind: 'match'; readonly given: MatchJob };

answerJobs((job: BuilderJob) => (job.kind === 'match' ? matchLines(job.given) : answerLanguageJob(job)));

// What Slurm 22.05 answered to our commands on the test bed; the folder and the account are written differently.

const field = '\u001f';
const record = '\u001e\n';
const node1 = ['debug', 'me', 'node1', 'node1'];
const nowhere = ['debug', 'me', 'n/a', ''];
const place = (script: string): string[] => [`/home/me/work/${script}`, '/home/me/work'];
const both = (path: string): string[] => [`/home/me/work/${path}`, `/home/me/work/${path}`];
const hour = '1:00:00';
const ran = ['1795559997', '1795559997', '1795559997', hour];
const runs = ['1795559997', '1795559997', '1795563597', hour];
const waits = ['1795559997', 'N/A', 'N/A', hour];

export const waitingTasks = '3,5,7,9,1000,1003,1006';

/** A name with a line end, an array that waits and runs, file name patterns, a requeue, a hold, two components, tasks. */
export const squeueAnswer = [
  [
    '40',
    '40',
    '40',
    'F',
    '0',
    '1',
    '768',
    ...ran,
    ...node1,
    'NonZeroExitCode',
    ...place('f.sh'),
    ...both('slurm-40.out'),
    'we ird\nna|me',
  ],
  [
    '42',
    '42',
    '42',
    'F',
    '0',
    '1',
    '4021',
    ...ran,
    ...node1,
    'JobLaunchFailure',
    ...place('f.sh'),
    '/home/me/work/o-%x-%j-%N-%5j-%%.txt',
    '/home/me/work/e-%A',
    'f.sh',
  ],
  [
    `41_[${waitingTasks}%1]`,
    '41',
    '41',
    'PD',
    '0',
    '1',
    '0',
    ...waits,
    ...nowhere,
    'JobArrayTaskLimit',
    ...place('q.sh'),
    ...both('slurm-41.out'),
    'q.sh',
  ],
  [
    '49',
    '49',
    '49',
    'PD',
    '1',
    '1',
    '0',
    '1795559999',
    '1795560005',
    '1795565405',
    '1:30:00',
    ...nowhere,
    'BeginTime',
    ...place('q.sh'),
    ...both('slurm-49.out'),
    'q.sh',
  ],
  [
    '44',
    '44',
    '44',
    'PD',
    '0',
    '1',
    '0',
    ...waits,
    ...nowhere,
    'JobHeldUser',
    ...place('q.sh'),
    ...both('slurm-44.out'),
    'q.sh',
  ],
  [
    '41_1',
    '41',
    '45',
    'R',
    '0',
    '1',
    '0',
    ...runs,
    ...node1,
    'None',
    ...place('q.sh'),
    ...both('slurm-45.out'),
    'q.sh',
  ],
  [
    '46+0',
    '46',
    '46',
    'R',
    '0',
    '1',
    '0',
    ...runs,
    ...node1,
    'None',
    ...place('q.sh'),
    ...both('slurm-46.out'),
    'q.sh',
  ],
  [
    '46+1',
    '47',
    '47',
    'R',
    '0',
    '1',
    '0',
    ...runs,
    ...node1,
    'None',
    ...place('q.sh'),
    ...both('slurm-47.out'),
    'q.sh',
  ],
  [
    '48_1',
    '48',
    '50',
    'R',
    '0',
    '1',
    '0',
    ...runs,
    ...node1,
    'None',
    ...place('q.sh'),
    ...both('t-%A_%3a-%j'),
    'q.sh',
  ],
  [
    '48_2',
    '48',
    '48',
    'R',
    '0',
    '1',
    '0',
    ...runs,
    ...node1,
    'None',
    ...place('q.sh'),
    ...both('t-%A_%3a-%j'),
    'q.sh',
  ],
]
  .map((fields) => fields.join(field) + record)
  .join('');

export const sacctAnswer = [
  ['40', 'FAILED', '3:0', '1795559997', '1795559997', '1795559997', '60', 'debug', 'node1', 'we ird\nna|me'],
  ['44', 'PENDING', '0:0', '1795559997', 'Unknown', 'Unknown', '60', 'debug', 'None assigned', 'q.sh'],
  ['49', 'REQUEUED', '0:0', '1795559997', '1795559998', '1795559999', '90', 'debug', 'node1', 'q.sh'],
  [
    '41_1',
    'CANCELLED by 1001',
    '0:0',
    '1795559997',
    '1795559997',
    '1795559999',
    '60',
    'debug',
    'node1',
    'q.sh',
  ],
  ['49', 'RUNNING', '0:0', '1795559999', '1795560005', 'Unknown', '90', 'debug', 'node1', 'q.sh'],
]
  .map((fields) => `${fields.join(field)}\n`)
  .join('');

const shown = (between: string, paths: string): string =>
  `UserId=me(1001) GroupId=me(1001) MCS_label=N/A Priority=4294901742 Nice=0 Account=(null) QOS=normal ${between} AccrueTime=1795559997 StartTime=1795559997 EndTime=1795559998 Deadline=N/A SuspendTime=None SecsPreSuspend=0 LastSchedEval=1795559997 Scheduler=Main Partition=debug AllocNode:Sid=localhost:16767 ReqNodeList=(null) ExcNodeList=(null) NodeList=node1 BatchHost=node1 NumNodes=1 NumCPUs=1 NumTasks=1 CPUs/Task=1 ReqB:S:C:T=0:0:*:* TRES=cpu=1,mem=64M,node=1,billing=1 Socks/Node=* NtasksPerN:B:S:C=0:0:*:* CoreSpec=* Features=(null) DelayBoot=00:00:00 OverSubscribe=OK Contiguous=0 Licenses=(null) Network=(null) Command=/home/me/work/f.sh WorkDir=/home/me/work ${paths} Power= \n`;

export const scontrolAnswer = [
  'slurm_load_jobs error: Invalid job id specified\n',
  `JobId=40 JobName=we ird\nna|me ${shown('JobState=FAILED Reason=NonZeroExitCode Dependency=(null) Requeue=1 Restarts=0 BatchFlag=1 Reboot=0 ExitCode=3:0 RunTime=00:00:00 TimeLimit=01:00:00 TimeMin=N/A SubmitTime=1795559997 EligibleTime=1795559997', 'StdErr=/home/me/work/slurm-40.out StdIn=/dev/null StdOut=/home/me/work/slurm-40.out')}`,
  `JobId=45 ArrayJobId=41 ArrayTaskId=1 ArrayTaskThrottle=1 JobName=q.sh ${shown('JobState=RUNNING Reason=None Dependency=(null) Requeue=0 Restarts=2 BatchFlag=1 Reboot=0 ExitCode=0:0 RunTime=00:00:09 TimeLimit=UNLIMITED TimeMin=N/A SubmitTime=1795559997 EligibleTime=1795559997', 'StdErr=/home/me/work/e-42 StdIn=/dev/null StdOut=/home/me/work/o-f.sh-42-%N-%5j-%%.txt')}`,
].join('');

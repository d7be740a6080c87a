// The configuration files of a small Slurm cluster whose daemons all run on this machine.

export interface SlurmLayout {
  readonly directory: string;
  readonly host: string;
  readonly nodes: number;
  /** Seconds after which slurmctld forgets an ended job. */
  readonly minJobAge: number;
  readonly ports: {
    readonly controller: number;
    readonly nodes: readonly number[];
    readonly accounting: number;
    readonly database: number;
  };
  readonly accounting: boolean;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** slurm.conf(5): several slurmd on one host, quick scheduling, no waiting. */
export function printSlurmConf({
  directory,
  host,
  nodes,
  minJobAge,
  ports,
  accounting,
}: SlurmLayout): string {
  return `ClusterName=testbed
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${ports.controller}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=${directory}/run/munge.sock,cred_expire=5
StateSaveLocation=${directory}/state
SlurmdSpoolDir=${directory}/spool/%n
SlurmctldPidFile=${directory}/run/slurmctld.pid
SlurmdPidFile=${directory}/run/slurmd.%n.pid
SlurmctldLogFile=${directory}/log/slurmctld.log
SlurmdLogFile=${directory}/log/slurmd.%n.log
SlurmctldDebug=info
SlurmdDebug=info
MpiDefault=none
SwitchType=switch/none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
ReturnToService=2
SlurmdParameters=config_overrides
CommunicationParameters=NoAddrCache
PropagateResourceLimits=NONE
SlurmctldTimeout=30
SlurmdTimeout=60
InactiveLimit=0
MinJobAge=${minJobAge}
KillWait=2
Waittime=0
CompleteWait=0
MessageTimeout=20
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=2,bf_interval=2,bf_max_job_test=2000,default_queue_depth=1000,max_rpc_cnt=0,bf_min_age_reserve=0
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
DefMemPerCPU=64
MaxArraySize=10001
MaxJobCount=50000
PriorityType=priority/basic
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
JobRequeue=1
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=30
${
  accounting
    ? `AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=127.0.0.1
AccountingStoragePort=${ports.accounting}
AccountingStoragePass=${directory}/run/munge.sock`
    : 'AccountingStorageType=accounting_storage/none'
}
${range(nodes)
  .map(
    (node) =>
      `NodeName=node${node} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${ports.nodes[node - 1] ?? 0} CPUs=64 RealMemory=65536 State=UNKNOWN`,
  )
  .join('\n')}
PartitionName=debug Nodes=ALL Default=YES MaxTime=INFINITE DefaultTime=60 State=UP
PartitionName=low Nodes=node1 PriorityTier=1 MaxTime=60 State=UP
PartitionName=high Nodes=node1 PriorityTier=10 PreemptMode=OFF MaxTime=60 State=UP
PartitionName=down Nodes=node1 MaxTime=60 State=DOWN
`;
}

/** slurmdbd.conf(5). */
export function printSlurmdbdConf({ directory, host, ports }: SlurmLayout): string {
  return `AuthType=auth/munge
AuthInfo=socket=${directory}/run/munge.sock
DbdHost=${host}
DbdAddr=127.0.0.1
DbdPort=${ports.accounting}
SlurmUser=root
LogFile=${directory}/log/slurmdbd.log
PidFile=${directory}/run/slurmdbd.pid
StorageType=accounting_storage/mysql
StorageHost=127.0.0.1
StoragePort=${ports.database}
StorageUser=slurm
StoragePass=slurm-test
StorageLoc=slurm_acct_db
`;
}

// Installs what the tests on a real Slurm and a real sshd need, before any suite is loaded; says so if it cannot.
import { ensureSlurmPackages, findObstacle } from './packages';

const obstacle = findObstacle();
if (obstacle === undefined) ensureSlurmPackages();
else console.log(`Not installed here: Slurm and sshd for the tests (${obstacle}).`);

#!/bin/sh
# Runs a program in two processes on hosts of their own: network namespaces that a virtual cable joins, each with its host name.
# Usage: hosts.sh SECONDS PROGRAM [ARGUMENTS]    Ends it after SECONDS. Needs root, iproute2 and Open MPI.
set -eu

export MPIEXEC_TIMEOUT=$1
shift
name=barnacle$$
agent=$(mktemp)
end() {
    ip netns del $name-1
    ip netns del $name-2
    rm -f "$agent"
}
trap end EXIT
trap 'exit 1' HUP INT TERM
for host in 1 2; do
    ip netns add $name-$host
    ip -n $name-$host link set lo up
done
ip link add name cable netns $name-1 type veth peer name cable netns $name-2
for host in 1 2; do
    ip -n $name-$host address add 10.77.0.$host/24 dev cable
    ip -n $name-$host link set cable up
done
cat >"$agent" <<END
#!/bin/sh
# mpirun calls it as it would call ssh: the host, then the command.
host=\$1
shift
exec ip netns exec $name-\${host##*.} unshare --uts sh -c "hostname $name-\${host##*.} && \$*"
END
chmod +x "$agent"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
ip netns exec $name-1 unshare --uts sh -c "hostname $name-1"' && exec "$@"' sh \
    mpirun --host 10.77.0.1,10.77.0.2 --mca plm_rsh_agent "$agent" --mca btl tcp,self \
    --mca btl_tcp_if_include 10.77.0.0/24 --mca oob_tcp_if_include 10.77.0.0/24 --bind-to none "$@"

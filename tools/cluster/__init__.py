"""A real Kubernetes on this machine, for tests, `make cluster` and `make cluster-demo`.

cluster        `Cluster`, what others use
api            a small client of the API server
scripted       plays the kubelet for thousands of pods that need not run
box            private namespaces that everything lives in (boxinit, boxmounts, forward: the side inside)
controlplane   etcd, API server, controllers, scheduler; pki: their certificates
node           containerd, CNI, kubelet
images         container images from the machine's own Python and the project's own wheel (oci: the format)
build          the programs: `kube/` is Kubernetes as one Go program
"""

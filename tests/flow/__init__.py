"""The whole system with real pods: hub, line, cluster, agent, PostgreSQL. What breaks here breaks for a customer."""

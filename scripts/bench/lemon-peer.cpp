// Solves one assignment problem with LEMON's algorithms and prints `name milliseconds value` for each.
// Input: rows columns edges, then `row column weight` per edge; whole weights; staying alone is worth 0.
// Times are CPU, the best of `rounds`, graph building included.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <lemon/cost_scaling.h>
#include <lemon/list_graph.h>
#include <lemon/matching.h>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>
#include <vector>

struct Edge {
  int row, column;
  long long weight;
};
static int rows, columns;
static std::vector<Edge> edges;

template <class Solver> long long asFlow() {
  lemon::SmartDigraph graph;
  graph.reserveNode(rows + columns + 2);
  graph.reserveArc(2 * rows + columns + edges.size());
  std::vector<lemon::SmartDigraph::Node> nodes;
  for (int i = 0; i < rows + columns + 2; ++i) nodes.push_back(graph.addNode());
  auto source = nodes[rows + columns], sink = nodes[rows + columns + 1];
  lemon::SmartDigraph::ArcMap<long long> cost(graph);
  for (const Edge &edge : edges) cost[graph.addArc(nodes[edge.row], nodes[rows + edge.column])] = -edge.weight;
  for (int row = 0; row < rows; ++row) {
    graph.addArc(source, nodes[row]);
    graph.addArc(nodes[row], sink);
  }
  for (int column = 0; column < columns; ++column) graph.addArc(nodes[rows + column], sink);
  // After the arcs: a map gives no value of its own to arcs that come later.
  lemon::SmartDigraph::ArcMap<long long> upper(graph, 1);
  Solver solver(graph);
  solver.upperMap(upper).costMap(cost).stSupply(source, sink, rows);
  solver.run();
  return -solver.template totalCost<long long>();
}

long long asMatching() {
  lemon::SmartGraph graph;
  std::vector<lemon::SmartGraph::Node> nodes;
  for (int i = 0; i < rows + columns; ++i) nodes.push_back(graph.addNode());
  lemon::SmartGraph::EdgeMap<long long> weight(graph);
  for (const Edge &edge : edges) weight[graph.addEdge(nodes[edge.row], nodes[rows + edge.column])] = edge.weight;
  lemon::MaxWeightedMatching<lemon::SmartGraph, lemon::SmartGraph::EdgeMap<long long>> solver(graph, weight);
  solver.run();
  return solver.matchingWeight();
}

static void measure(const char *name, int rounds, long long (*solve)()) {
  double best = 1e300;
  long long value = 0;
  for (int round = 0; round < rounds; ++round) {
    std::clock_t from = std::clock();
    value = solve();
    double ms = 1000.0 * (std::clock() - from) / CLOCKS_PER_SEC;
    if (ms < best) best = ms;
  }
  std::printf("%s %.3f %lld\n", name, best, value);
}

int main(int count, char **words) {
  int size = 0;
  std::FILE *file = count > 1 ? std::fopen(words[1], "r") : nullptr;
  if (file == nullptr || std::fscanf(file, "%d %d %d", &rows, &columns, &size) != 3) return 2;
  edges.resize(size);
  for (Edge &edge : edges)
    if (std::fscanf(file, "%d %d %lld", &edge.row, &edge.column, &edge.weight) != 3) return 2;
  int rounds = count > 2 ? std::atoi(words[2]) : 1;
  measure("NetworkSimplex", rounds, asFlow<lemon::NetworkSimplex<lemon::SmartDigraph, long long, long long>>);
  measure("CostScaling", rounds, asFlow<lemon::CostScaling<lemon::SmartDigraph, long long, long long>>);
  measure("MaxWeightedMatching", rounds, asMatching);
  return 0;
}

package dev.polywire.bolt.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.BoltLimits;
import dev.polywire.bolt.wire.GraphValue;
import dev.polywire.bolt.wire.GraphValue.Node;
import dev.polywire.bolt.wire.GraphValue.Path;
import dev.polywire.bolt.wire.GraphValue.Relationship;
import dev.polywire.bolt.wire.GraphValue.UnboundRelationship;
import dev.polywire.core.json.FieldException;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What whoever plays the server says: what TypedJson gives is taken, too. */
class ServedValuesTest {

    private static final Node A = new Node(1, List.of("A"), Map.of("n", 1L), "4:x:1");
    private static final Node B = new Node(2, List.of(), Map.of(), "4:x:2");

    static List<GraphValue> values() {
        UnboundRelationship forth = new UnboundRelationship(7, "T", Map.of("since", 2L), "5:x:7");
        UnboundRelationship loop = new UnboundRelationship(8, "L", Map.of(), "5:x:8");
        return List.of(
                A,
                new Relationship(7, 1, 2, "T", Map.of("since", 2L), "5:x:7", "4:x:1", "4:x:2"),
                new Path(List.of(A), List.of(), List.of()),
                new Path(List.of(A, B), List.of(forth), List.of(1L, 1L)),
                new Path(List.of(A, B), List.of(forth), List.of(1L, 1L, -1L, 0L)),
                new Path(List.of(B, A), List.of(forth, loop), List.of(-1L, 1L, 2L, 1L, 1L, 0L)));
    }

    @ParameterizedTest
    @MethodSource("values")
    void whatIsGivenIsTaken(GraphValue value) {
        assertEquals(List.of(value), QueryAnswer.row("row", 0, new JsonArray().add(GraphJson.of(value))));
    }

    /** Of two ids one is enough. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'_id': 5                                  | 5  | 5",
                "'_element_id': '5'                        | 5  | 5",
                "'_element_id': '4:x:5'                    | -1 | 4:x:5",
                "'_element_id': 'five', '_id': 5           | 5  | five",
                "'_element_id': '5', '_id': '9007199254740993' | 9007199254740993 | 5",
            })
    void anIdIsKnownByEither(String ids, long number, String element) {
        Node node = (Node) row("{'$type': 'Node', '_value': {" + ids + "}}").get(0);
        assertEquals(new Node(number, List.of(), Map.of(), element), node);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'$type': 'Node', '_value': {}}                                | row[0][0]: _element_id: missing",
                "{'$type': 'Node', '_value': 1}                                 | row[0][0]: 1 (expected: an object)",
                "{'$type': 'Node', '_value': {'_id': 1, 'labels': []}}          | row[0][0]: labels: unknown field",
                "{'$type': 'Node', '_value': {'_id': 1, '_labels': [1]}}        | row[0][0]: _labels[0]: 1",
                "{'$type': 'Node', '_value': {'_id': 1}, 'more': 1}             | row[0][0]: a map with a field $type",
                "{'$type': 'Relationship', '_value': {'_id': 1}}                | row[0][0]: _start_node_element_id: missing",
                "{'$type': 'Path', '_value': []}                                | row[0][0]: an array (expected: node,",
                "{'$type': 'Path', '_value': [1]}                               | row[0][0]: 1 (expected: a Node)",
                "{'$type': 'Path', '_value': [{'$type': 'Node', '_value': {'_id': 1}}, {'$type': 'Relationship', '_value':"
                        + " {'_id': 1, '_type': 'T', '_start_node_id': 1, '_end_node_id': 2}}, {'$type': 'Node', '_value':"
                        + " {'_id': 3}}]} | row[0][0]: [1]: not between its neighbours",
                "{'$type': 'Unsupported', '_value': 'x'}                        | row[0][0]: a Unsupported",
            })
    void whatIsNone(String json, String complaint) {
        FieldException bad = assertThrows(FieldException.class, () -> row(json));
        assertTrue(bad.getMessage().startsWith(complaint), bad::getMessage);
    }

    /** Nodes hold properties, which hold no nodes but by mistake: the depth is bounded all the same. */
    @Test
    void nobodyIsToldMoreThanTheStackHolds() {
        StringBuilder deep = new StringBuilder("1");
        for (int i = 0; i < BoltLimits.GREATEST_MAX_DEPTH; i++) {
            deep.insert(0, "{'$type': 'Node', '_value': {'_id': 1, '_properties': {'p': ")
                    .append("}}}");
        }
        FieldException bad = assertThrows(FieldException.class, () -> row(deep.toString()));
        assertTrue(bad.complaint().endsWith("deeper than 250 levels"), bad::complaint);
    }

    private static List<?> row(String json) {
        return QueryAnswer.row("row", 0, new JsonArray("[" + json.replace('\'', '"') + "]"));
    }
}

package dev.polywire.bolt.service;

import dev.polywire.bolt.wire.GraphValue;
import dev.polywire.bolt.wire.GraphValue.Node;
import dev.polywire.bolt.wire.GraphValue.Path;
import dev.polywire.bolt.wire.GraphValue.Relationship;
import dev.polywire.bolt.wire.GraphValue.UnboundRelationship;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.core.json.TypedValues;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Nodes, relationships and paths from the handler of a server, in the forms of {@link TypedJson}. Either the element id or
 * the integer id is sufficient: clients of Bolt 5 use the first, older ones the second, which is -1 when it is unknown.
 */
final class JsonToGraph {

    private static final long UNKNOWN_ID = -1;

    private final JsonToValue values;

    /** The ids of a node or relationship. */
    private record Id(String element, long number) {

        static Id read(Fields json, String element, String number) {
            String text = json.textOrNull(element);
            Long integer = json.int64OrNull(number, Long.MIN_VALUE, Long.MAX_VALUE);
            if (text != null) {
                Long known = integer == null ? TypedValues.int64(text) : integer;
                return new Id(text, known == null ? UNKNOWN_ID : known);
            } else if (integer != null) {
                return new Id(Long.toString(integer), integer);
            }
            throw json.complaint(element, "missing (expected: a string, or " + number + ", an integer)");
        }
    }

    /** A list without duplicates, however often an element occurs. */
    private static final class Places<T> {

        final List<T> all = new ArrayList<>();
        private final Map<String, Integer> known = new HashMap<>();

        long place(String id, T thing) {
            Integer place = known.putIfAbsent(id, all.size());
            if (place == null) {
                all.add(thing);
                return all.size() - 1;
            }
            return place;
        }
    }

    /** @param values reads properties, and tracks the path for complaints */
    JsonToGraph(JsonToValue values) {
        this.values = values;
    }

    /** The value of a type, null when the type is not one of a graph; throws IllegalArgumentException when malformed. */
    @Nullable
    GraphValue parse(String type, @Nullable Object json) {
        try {
            return switch (type) {
                case "Node" -> node(object(json));
                case "Relationship" -> relationship(object(json));
                case "Path" -> path(json);
                default -> null;
            };
        } catch (FieldException bad) {
            throw new IllegalArgumentException(bad.getMessage());
        }
    }

    private Node node(Fields json) {
        Id id = Id.read(json, "_element_id", "_id");
        Node node = new Node(id.number, json.texts("_labels"), properties(json), id.element);
        json.done();
        return node;
    }

    private Relationship relationship(Fields json) {
        Id id = Id.read(json, "_element_id", "_id");
        Id start = Id.read(json, "_start_node_element_id", "_start_node_id");
        Id end = Id.read(json, "_end_node_element_id", "_end_node_id");
        Relationship relationship = new Relationship(
                id.number,
                start.number,
                end.number,
                json.text("_type"),
                properties(json),
                id.element,
                start.element,
                end.element);
        json.done();
        return relationship;
    }

    private Map<String, @Nullable Object> properties(Fields json) {
        JsonObject properties = json.objectOrNull("_properties");
        return properties == null ? Map.of() : values.fields(properties);
    }

    /** Node, relationship, node, ..: each relationship joins its neighbours, in either direction. */
    private Path path(@Nullable Object json) {
        if (!(json instanceof JsonArray walk) || walk.size() % 2 == 0) {
            throw new IllegalArgumentException(Fields.kind(json) + " (expected: node, relationship, node, ..)");
        }
        Places<Node> nodes = new Places<>();
        Places<UnboundRelationship> relationships = new Places<>();
        List<Long> indices = new ArrayList<>();
        Node at = part(Node.class, "Node", walk.getValue(0));
        nodes.place(at.elementId(), at);
        for (int i = 1; i < walk.size(); i += 2) {
            Relationship step = part(Relationship.class, "Relationship", walk.getValue(i));
            Node next = part(Node.class, "Node", walk.getValue(i + 1));
            boolean forth = joins(step, at, next);
            if (!forth && !joins(step, next, at)) {
                throw new IllegalArgumentException("[" + i
                        + "]: not between its neighbours (expected: node, relationship" + " of it and the next, node)");
            }
            UnboundRelationship walked =
                    new UnboundRelationship(step.id(), step.type(), step.properties(), step.elementId());
            long place = 1 + relationships.place(step.elementId(), walked);
            indices.add(forth ? place : -place);
            indices.add(nodes.place(next.elementId(), next));
            at = next;
        }
        return new Path(nodes.all, relationships.all, indices);
    }

    private static boolean joins(Relationship step, Node from, Node to) {
        return step.startElementId().equals(from.elementId())
                && step.endElementId().equals(to.elementId());
    }

    private <T extends GraphValue> T part(Class<T> type, String name, @Nullable Object json) {
        if (json instanceof JsonObject object && object.size() == 2 && name.equals(object.getValue(TypedJson.TYPE))) {
            return Objects.requireNonNull(type.cast(parse(name, object.getValue(TypedJson.VALUE))));
        }
        throw new IllegalArgumentException(Fields.kind(json) + " (expected: a " + name + ")");
    }

    private static Fields object(@Nullable Object json) {
        if (json instanceof JsonObject object) {
            return Fields.of(object);
        }
        throw new IllegalArgumentException(Fields.kind(json) + " (expected: an object)");
    }
}

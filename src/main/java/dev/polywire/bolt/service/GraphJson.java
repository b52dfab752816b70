package dev.polywire.bolt.service;

import static dev.polywire.bolt.service.ValueToJson.fields;
import static dev.polywire.bolt.service.ValueToJson.integer;
import static dev.polywire.bolt.service.ValueToJson.typed;

import dev.polywire.bolt.wire.GraphValue;
import dev.polywire.bolt.wire.GraphValue.Node;
import dev.polywire.bolt.wire.GraphValue.Path;
import dev.polywire.bolt.wire.GraphValue.Relationship;
import dev.polywire.bolt.wire.GraphValue.UnboundRelationship;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Nodes, relationships and paths as JSON, with both of their ids. */
final class GraphJson {

    private GraphJson() {}

    static JsonObject of(GraphValue value) {
        if (value instanceof Node node) {
            return node(node);
        } else if (value instanceof Relationship relationship) {
            return relationship(relationship);
        } else if (value instanceof Path path) {
            return path(path);
        }
        UnboundRelationship alone = (UnboundRelationship) value;
        return typed(
                "Relationship",
                new JsonObject()
                        .put("_element_id", alone.elementId())
                        .put("_id", integer(alone.id()))
                        .put("_type", alone.type())
                        .put("_properties", fields(alone.properties())));
    }

    private static JsonObject node(Node node) {
        return typed(
                "Node",
                new JsonObject()
                        .put("_element_id", node.elementId())
                        .put("_id", integer(node.id()))
                        .put("_labels", new JsonArray(node.labels()))
                        .put("_properties", fields(node.properties())));
    }

    private static JsonObject relationship(Relationship relationship) {
        return typed(
                "Relationship",
                new JsonObject()
                        .put("_element_id", relationship.elementId())
                        .put("_start_node_element_id", relationship.startElementId())
                        .put("_end_node_element_id", relationship.endElementId())
                        .put("_id", integer(relationship.id()))
                        .put("_start_node_id", integer(relationship.startId()))
                        .put("_end_node_id", integer(relationship.endId()))
                        .put("_type", relationship.type())
                        .put("_properties", fields(relationship.properties())));
    }

    /** In the order of the path; a relationship keeps its direction, even if the path follows it in reverse. */
    private static JsonObject path(Path path) {
        Node at = path.nodes().get(0);
        JsonArray walk = new JsonArray().add(node(at));
        List<Long> indices = path.indices();
        for (int i = 0; i < indices.size(); i += 2) {
            int step = Math.toIntExact(indices.get(i));
            Node next = path.nodes().get(Math.toIntExact(indices.get(i + 1)));
            UnboundRelationship walked = path.relationships().get(Math.abs(step) - 1);
            walk.add(relationship(step > 0 ? bound(walked, at, next) : bound(walked, next, at)));
            walk.add(node(next));
            at = next;
        }
        return typed("Path", walk);
    }

    private static Relationship bound(UnboundRelationship alone, Node start, Node end) {
        return new Relationship(
                alone.id(),
                start.id(),
                end.id(),
                alone.type(),
                alone.properties(),
                alone.elementId(),
                start.elementId(),
                end.elementId());
    }
}

package dev.polywire.bolt.wire;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a graph. Up to Bolt 4.4 ids are only integers; from 5.0 on there are also element ids, which should be
 * used. If the server sent none, the element id is the integer as text.
 */
public sealed interface GraphValue extends BoltStructure {

    /** {@code id, labels, properties [, elementId]} */
    record Node(long id, List<String> labels, Map<String, @Nullable Object> properties, String elementId)
            implements GraphValue {

        public static final int TAG = 0x4e;

        @Override
        public void write(PackStreamWriter out) {
            boolean elementIds = out.dialect().version().hasElementIds();
            out.structure(elementIds ? 4 : 3, TAG).integer(id).list(labels).map(properties);
            if (elementIds) {
                out.text(elementId);
            }
        }
    }

    /** {@code id, start id, end id, type, properties [, elementId, start elementId, end elementId]} */
    record Relationship(
            long id,
            long startId,
            long endId,
            String type,
            Map<String, @Nullable Object> properties,
            String elementId,
            String startElementId,
            String endElementId)
            implements GraphValue {

        public static final int TAG = 0x52;

        @Override
        public void write(PackStreamWriter out) {
            boolean elementIds = out.dialect().version().hasElementIds();
            out.structure(elementIds ? 8 : 5, TAG).integer(id).integer(startId).integer(endId);
            out.text(type).map(properties);
            if (elementIds) {
                out.text(elementId).text(startElementId).text(endElementId);
            }
        }
    }

    /** A relationship inside a path, which holds its direction: {@code id, type, properties [, elementId]} */
    record UnboundRelationship(long id, String type, Map<String, @Nullable Object> properties, String elementId)
            implements GraphValue {

        public static final int TAG = 0x72;

        @Override
        public void write(PackStreamWriter out) {
            boolean elementIds = out.dialect().version().hasElementIds();
            out.structure(elementIds ? 4 : 3, TAG).integer(id).text(type).map(properties);
            if (elementIds) {
                out.text(elementId);
            }
        }
    }

    /**
     * A path that begins at the first node.
     *
     * @param nodes each once, at least one
     * @param relationships each once
     * @param indices pairs: the relationship, counted from 1 and negative when the path follows it in reverse, and
     *     the node that it leads to, counted from 0
     */
    record Path(List<Node> nodes, List<UnboundRelationship> relationships, List<Long> indices) implements GraphValue {

        public static final int TAG = 0x50;

        public Path {
            if (nodes.isEmpty() || indices.size() % 2 != 0) {
                throw new IllegalArgumentException("path: " + nodes.size() + " nodes, " + indices.size()
                        + " indices (expected: at least one, pairs)");
            }
            for (int i = 0; i < indices.size(); i += 2) {
                long relationship = indices.get(i);
                long node = indices.get(i + 1);
                if (relationship == 0
                        || relationship < -relationships.size()
                        || relationship > relationships.size()
                        || node < 0
                        || node >= nodes.size()) {
                    throw new IllegalArgumentException("path index: " + relationship + ", " + node + " (expected: of "
                            + relationships.size() + " relationships and " + nodes.size() + " nodes)");
                }
            }
        }

        @Override
        public void write(PackStreamWriter out) {
            out.structure(3, TAG).list(nodes).list(relationships).list(indices);
        }
    }
}

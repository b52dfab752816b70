package dev.polywire.app;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import java.io.StringReader;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Finds the line of each field of a document; lines are counted from 1. */
final class Lines {

    private static final String TWICE = "a key that stands twice (expected: once)";
    private static final int MAX_OPEN_PER_LEVEL = 32;

    private final Map<String, Integer> byPath = new HashMap<>();

    /** The document is malformed at {@code line} (0: unknown); contains no part of the document. */
    static final class Malformed extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final int line;

        Malformed(int line, String what) {
            super(what, null, false, false);
            this.line = line;
        }

        int line() {
            return line;
        }
    }

    private Lines() {}

    /** @throws Malformed for invalid YAML, a duplicate key, or nesting beyond {@link Format#MAX_DEPTH} */
    static Map<String, Integer> ofYaml(String text) {
        Lines lines = new Lines();
        try {
            Node root = yaml().compose(new StringReader(text));
            if (root != null) {
                lines.yaml("", root, 0);
            }
        } catch (MarkedYAMLException malformed) {
            throw new Malformed(line(malformed.getProblemMark()), "malformed (expected: YAML)");
        } catch (YAMLException malformed) {
            throw new Malformed(0, "malformed (expected: YAML, at most " + Format.MAX_DEPTH + " levels)");
        }
        return lines.byPath;
    }

    /** @throws Malformed for invalid HOCON, or an undefined substitution */
    static Map<String, Integer> ofHocon(String text, boolean json) {
        if (json && text.isBlank()) {
            throw new Malformed(1, "empty (expected: a JSON object)");
        }
        shallow(text);
        Lines lines = new Lines();
        try {
            lines.hocon("", resolved(text, json ? ConfigSyntax.JSON : ConfigSyntax.CONF), 0);
        } catch (ConfigException.UnresolvedSubstitution undefined) {
            throw new Malformed(
                    line(undefined), "a substitution that nothing defines (expected: a definition, or ${?NAME})");
        } catch (ConfigException malformed) {
            throw new Malformed(line(malformed), json ? notJson(text, malformed) : "malformed (expected: HOCON)");
        }
        return lines.byPath;
    }

    /** The values of YAML in which {@link #ofYaml} found nothing wrong: maps, lists, plain values and null. */
    static @Nullable Object yaml(String text) {
        try {
            return yaml().load(text);
        } catch (YAMLException malformed) {
            throw new Malformed(0, "malformed (expected: YAML)");
        }
    }

    /** The values of HOCON in which {@link #ofHocon} found nothing wrong. */
    static Object hocon(String text) {
        return resolved(text, ConfigSyntax.CONF).unwrapped();
    }

    /** It makes no objects of classes that the text names. */
    private static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(Format.MAX_DEPTH);
        return new Yaml(new SafeConstructor(options));
    }

    private static ConfigObject resolved(String text, ConfigSyntax syntax) {
        return ConfigFactory.parseString(text, ConfigParseOptions.defaults().setSyntax(syntax))
                .resolve(ConfigResolveOptions.defaults())
                .root();
    }

    private static String notJson(String text, ConfigException malformed) {
        if (String.valueOf(malformed.getMessage()).contains("duplicate fields")) {
            return TWICE;
        }
        try {
            ConfigFactory.parseString(text);
            return "malformed (expected: JSON, which has no comments, no comma at the end, and names in quotes; HOCON, a file"
                    + " .conf, has them)";
        } catch (ConfigException neither) {
            return "malformed (expected: JSON)";
        }
    }

    /** Depth is counted here too: an alias has the depth of its target. */
    private void yaml(String path, Node node, int depth) {
        bound(depth, line(node.getStartMark()));
        byPath.putIfAbsent(path, line(node.getStartMark()));
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key) {
                    String at = child(path, key.getValue());
                    if (byPath.put(at, line(key.getStartMark())) != null
                            && !key.getValue().equals("<<")) {
                        throw new Malformed(line(key.getStartMark()), TWICE);
                    }
                    yaml(at, tuple.getValueNode(), depth + 1);
                }
            }
        } else if (node instanceof SequenceNode sequence) {
            for (int i = 0; i < sequence.getValue().size(); i++) {
                yaml(path + "[" + i + "]", sequence.getValue().get(i), depth + 1);
            }
        }
    }

    private void hocon(String path, ConfigValue value, int depth) {
        bound(depth, value.origin().lineNumber());
        byPath.put(path, value.origin().lineNumber());
        if (value instanceof ConfigObject object) {
            object.forEach((key, each) -> hocon(child(path, key), each, depth + 1));
        } else if (value instanceof ConfigList list) {
            for (int i = 0; i < list.size(); i++) {
                hocon(path + "[" + i + "]", list.get(i), depth + 1);
            }
        }
    }

    /** The parser is recursive. Brackets in texts and comments count too: no real file has that many. */
    private static void shallow(String text) {
        int depth = 0;
        int line = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            line += c == '\n' ? 1 : 0;
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            bound(depth / MAX_OPEN_PER_LEVEL, line);
        }
    }

    private static void bound(int depth, int line) {
        if (depth > Format.MAX_DEPTH) {
            throw new Malformed(line, "nested too deep (expected: at most " + Format.MAX_DEPTH + " levels)");
        }
    }

    private static String child(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static int line(@Nullable Mark mark) {
        return mark == null ? 0 : mark.getLine() + 1;
    }

    private static int line(ConfigException malformed) {
        return malformed.origin() == null ? 0 : Math.max(0, malformed.origin().lineNumber());
    }
}

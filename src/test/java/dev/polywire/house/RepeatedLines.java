package dev.polywire.house;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Lines of one protocol that stand in another one, too: in windows of four lines of code, with the protocols' names made the
 * same. Blank lines, comments, imports and lone brackets are no code here.
 */
final class RepeatedLines {

    static final int WINDOW = 4;

    private static final List<String> PROTOCOLS = List.of("mongodb", "bolt", "framed", "amqp", "eventstore");
    private static final Pattern MAIN = Pattern.compile("src/main/java/dev/polywire/(\\w+)/.*\\.java");
    private static final Pattern NAME = Pattern.compile("(?i)mongodb|mongo|bolt|framed|amqp|eventstore");
    private static final Pattern NO_CODE = Pattern.compile("|.|(import|package|//|/\\*|\\*).*");

    private record Code(String protocol, String path, List<String> lines) {

        List<String> window(int at) {
            return lines.subList(at, at + WINDOW);
        }

        int windows() {
            return lines.size() - WINDOW + 1;
        }
    }

    private RepeatedLines() {}

    /** By file, how many of its lines stand in another protocol; files without any are left out. */
    static Map<String, Integer> count(List<SourceFile> files) {
        List<Code> all = files.stream()
                .filter(file -> PROTOCOLS.contains(protocol(file)))
                .map(file -> new Code(protocol(file), file.path(), code(file)))
                .toList();
        Map<List<String>, Set<String>> protocols = new HashMap<>();
        for (Code code : all) {
            for (int at = 0; at < code.windows(); at++) {
                protocols
                        .computeIfAbsent(code.window(at), unknown -> new HashSet<>())
                        .add(code.protocol());
            }
        }
        Map<String, Integer> repeated = new TreeMap<>();
        for (Code code : all) {
            Set<Integer> lines = new HashSet<>();
            for (int at = 0; at < code.windows(); at++) {
                if (protocols.getOrDefault(code.window(at), Set.of()).size() > 1) {
                    for (int line = at; line < at + WINDOW; line++) {
                        lines.add(line);
                    }
                }
            }
            if (!lines.isEmpty()) {
                repeated.put(code.path(), lines.size());
            }
        }
        return repeated;
    }

    private static String protocol(SourceFile file) {
        var path = MAIN.matcher(file.path());
        return path.matches() ? path.group(1) : "";
    }

    private static List<String> code(SourceFile file) {
        List<String> code = new ArrayList<>();
        for (String line : file.text().split("\n")) {
            String stripped = line.strip();
            if (!NO_CODE.matcher(stripped).matches()) {
                code.add(NAME.matcher(stripped).replaceAll("x"));
            }
        }
        return code;
    }
}

package dev.polywire.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whoever follows the README from a service to a byte finds each class in the one before it. */
class ReadmeWalkTest {

    private static final String HEADING = "## From here to a byte";
    private static final Pattern LINK = Pattern.compile("\\[(\\w+)]\\(([^)]+\\.java)\\)");
    private static final Pattern NO_CODE =
            Pattern.compile("/\\*.*?\\*/|//[^\\n]*|\"(\\\\.|[^\"\\\\\\n])*\"", Pattern.DOTALL);

    private record Step(String name, String path, String code) {

        String directory() {
            return path.substring(0, path.lastIndexOf('/'));
        }

        /** Imports it, or is beside it, and names it. */
        boolean uses(Step next) {
            boolean near = directory().equals(next.directory())
                    || code.contains("import " + next.type() + ";")
                    || code.contains("import " + next.type() + ".");
            return near && names(code, next.name);
        }

        boolean isImplementedBy(Step next) {
            return Pattern.compile("(implements|extends)[^{]*\\b" + name + "\\b")
                    .matcher(next.code)
                    .find();
        }

        private String type() {
            return path.substring("src/main/java/".length(), path.length() - ".java".length())
                    .replace('/', '.');
        }

        private static boolean names(String code, String name) {
            String body = code.replaceAll("(?m)^import .*$", "");
            return Pattern.compile("\\b" + name + "\\b").matcher(body).find();
        }
    }

    @Test
    void mongodb() {
        assertWalk(0, 9);
    }

    @Test
    void bolt() {
        assertWalk(1, 15);
    }

    @Test
    void amqp() {
        assertWalk(2, 13);
    }

    @Test
    void framed() {
        assertWalk(3, 9);
    }

    @Test
    void aStepThatIsNotThereIsSeen() {
        List<Step> walk = walk(0);
        Step first = walk.get(0);
        Step last = walk.get(walk.size() - 1);
        assertEquals(false, first.uses(last) || first.isImplementedBy(last));
    }

    private static void assertWalk(int protocol, int most) {
        List<Step> walk = walk(protocol);
        assertTrue(walk.size() >= 6 && walk.size() <= most, walk.size() + " files");
        for (int i = 1; i < walk.size(); i++) {
            Step before = walk.get(i - 1);
            Step next = walk.get(i);
            assertTrue(before.uses(next) || before.isImplementedBy(next), before.name() + " -> " + next.name());
        }
    }

    /** The links of one column, from top to bottom. */
    private static List<Step> walk(int protocol) {
        List<String> lines = Readme.lines("README.md");
        List<Step> walk = new ArrayList<>();
        int at = lines.indexOf(HEADING) + 1;
        for (String line : lines.subList(at, lines.size())) {
            if (line.startsWith("## ")) {
                break;
            }
            String[] cells = line.split("\\|");
            if (cells.length > 2 + protocol) {
                LINK.matcher(cells[2 + protocol])
                        .results()
                        .forEach(link -> walk.add(new Step(link.group(1), link.group(2), code(link.group(2)))));
            }
        }
        return walk;
    }

    private static String code(String path) {
        try {
            String source = Files.readString(Path.of(System.getProperty("polywire.basedir", "."), path));
            return NO_CODE.matcher(source).replaceAll("");
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }
}

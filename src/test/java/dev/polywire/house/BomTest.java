package dev.polywire.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** {@code bom/pom.xml} writes versions that {@code pom.xml} writes too. */
class BomTest {

    private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^}]+)}");

    private final Pom main = new Pom("pom.xml");
    private final Pom bom = new Pom("bom/pom.xml");

    @Test
    void hasTheVersionsOfPolywireAndOfEachOptionalLibrary() {
        Map<String, String> managed = main.versions("dependencyManagement/dependencies");
        Map<String, String> expected = new TreeMap<>();
        main.each("dependencies", dependency -> {
            if ("true".equals(main.text(dependency, "optional"))) {
                String name = main.name(dependency);
                expected.put(
                        name,
                        main.text(dependency, "version").isEmpty() ? managed.get(name) : main.version(dependency));
            }
        });
        assertTrue(expected.size() >= 10, expected::toString);
        expected.put("dev.polywire:polywire", main.text(main.root, "version"));
        assertEquals(expected, bom.versions("dependencyManagement/dependencies"));
    }

    @Test
    void isOfTheSameProject() {
        for (String each :
                new String[] {"groupId", "version", "url", "licenses", "developers", "scm", "inceptionYear"}) {
            String said = main.resolved(main.text(main.root, each));
            assertTrue(!said.isBlank(), each);
            assertEquals(said, bom.resolved(bom.text(bom.root, each)), each);
        }
    }

    private static final class Pom {

        private final Element root;

        Pom(String name) {
            try {
                root = DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(Path.of(System.getProperty("polywire.basedir", "."), name)
                                .toFile())
                        .getDocumentElement();
            } catch (Exception unreadable) {
                throw new IllegalStateException(name, unreadable);
            }
        }

        Map<String, String> versions(String path) {
            Map<String, String> versions = new TreeMap<>();
            each(path, dependency -> versions.put(name(dependency), version(dependency)));
            return versions;
        }

        void each(String path, Consumer<Element> use) {
            Element at = root;
            for (String step : path.split("/")) {
                at = child(at, step);
            }
            NodeList all = at.getElementsByTagName("dependency");
            for (int i = 0; i < all.getLength(); i++) {
                use.accept((Element) all.item(i));
            }
        }

        String name(Element dependency) {
            return text(dependency, "groupId") + ":" + text(dependency, "artifactId");
        }

        String version(Element dependency) {
            return resolved(text(dependency, "version"));
        }

        String resolved(String text) {
            return PROPERTY.matcher(text)
                    .replaceAll(found -> found.group(1).equals("project.version")
                            ? text(root, "version")
                            : text(child(root, "properties"), found.group(1)));
        }

        String text(Element parent, String name) {
            Element child = child(parent, name);
            return child == null ? "" : child.getTextContent().strip();
        }

        private static Element child(Element parent, String name) {
            for (Node each = parent.getFirstChild(); each != null; each = each.getNextSibling()) {
                if (each instanceof Element element && element.getTagName().equals(name)) {
                    return element;
                }
            }
            return null;
        }
    }
}

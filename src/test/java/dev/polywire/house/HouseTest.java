package dev.polywire.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.polywire.house.broken.ReadsObjects;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The project keeps the house rules, and each rule reports a file or a name that breaks it. */
class HouseTest {

    private static final Set<String> NOTHING = Set.of();

    private static final List<SourceFile> FILES = SourceFile.tracked();

    @Test
    void filesAreSeen() {
        Set<String> paths = FILES.stream().map(SourceFile::path).collect(Collectors.toSet());
        assertTrue(
                paths.containsAll(List.of(
                        "pom.xml",
                        "LICENSE",
                        ".ci/run",
                        "docs/decisions/README.md",
                        "interop/run",
                        "src/main/java/dev/polywire/core/wire/Machine.java",
                        "src/test/java/dev/polywire/house/HouseTest.java")),
                paths::toString);
        assertTrue(paths.stream().noneMatch(path -> path.startsWith("target/") || path.startsWith(".git/")));
    }

    @Test
    void javaFilesAreShort() {
        assertEquals(NOTHING, HouseRules.tooLong(FILES));
        assertEquals(
                Set.of("Long.java"),
                HouseRules.tooLong(List.of(
                        new SourceFile("Long.java", "line\n".repeat(HouseRules.MAX_LINES + 1)),
                        new SourceFile("Fits.java", "line\n".repeat(HouseRules.MAX_LINES)),
                        new SourceFile("long.txt", "line\n".repeat(HouseRules.MAX_LINES + 1)))));
    }

    @Test
    void mainPackagesAreNullMarked() {
        assertEquals(NOTHING, HouseRules.notNullMarked(FILES));
        assertEquals(
                Set.of("src/main/a/", "src/main/c/"),
                HouseRules.notNullMarked(List.of(
                        new SourceFile("src/main/a/Bare.java", "@NullMarked\nclass Bare {}"),
                        new SourceFile("src/main/b/Good.java", "class Good {}"),
                        new SourceFile("src/main/b/package-info.java", "/** Good. */\n@NullMarked\npackage b;"),
                        new SourceFile("src/main/c/Told.java", "class Told {}"),
                        new SourceFile("src/main/c/package-info.java", "/** No @NullMarked. */\npackage c;"),
                        new SourceFile("src/test/d/Test.java", "class Test {}"))));
    }

    @Test
    void mainClassesHaveNames() {
        Set<String> sources =
                FILES.stream().filter(SourceFile::isMain).map(SourceFile::path).collect(Collectors.toSet());
        List<JavaClass> written = ImportRulesTest.MAIN.stream()
                .filter(type -> sources.contains(sourceOf(type)))
                .toList();
        assertFalse(written.isEmpty());
        assertEquals(NOTHING, HouseRules.emptyNames(written.stream().map(JavaClass::getSimpleName)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SocketImpl",
                "JsonUtil",
                "JsonUtils",
                "TestHelper",
                "PoolManager",
                "AbstractPool",
                "BaseCodec",
                "DefaultPool"
            })
    void anEmptyNameIsReported(String name) {
        assertEquals(Set.of(name), HouseRules.emptyNames(Stream.of(name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Base64Text", "Implied", "Defaults", "Utility", "Managed", "Pool"})
    void aNameThatOnlyLooksEmptyIsNot(String name) {
        assertEquals(NOTHING, HouseRules.emptyNames(Stream.of(name)));
    }

    @Test
    void nothingReadsSerializedObjects() {
        HouseRules.NO_JAVA_SERIALIZATION.check(ImportRulesTest.MAIN);
        assertTrue(HouseRules.NO_JAVA_SERIALIZATION
                .evaluate(new ClassFileImporter().importClasses(ReadsObjects.class))
                .hasViolation());
    }

    @Test
    void packagesDoNotUseEachOther() {
        HouseRules.NO_CYCLES.check(ImportRulesTest.MAIN);
        assertTrue(HouseRules.NO_CYCLES
                .evaluate(new ClassFileImporter().importPackages("dev.polywire.house.broken.cycle"))
                .hasViolation());
    }

    @ParameterizedTest
    @ValueSource(strings = {"// TODO later", "/* FIXME: wrong */"})
    void nothingIsLeftForLater(String note) {
        assertEquals(NOTHING, HouseRules.leftForLater(FILES));
        assertEquals(
                Set.of("src/main/Bad.java"),
                HouseRules.leftForLater(List.of(
                        new SourceFile("src/main/Bad.java", note),
                        new SourceFile("src/main/Good.java", "// autodone"),
                        new SourceFile("src/test/Test.java", note))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://repo." + "maven.apache.org/maven2",
                "https://registry." + "npmjs.org",
                "see /wor" + "k/notes.md",
                "cd /tmp" + "/wt/a"
            })
    void noFileNamesAMachine(String line) {
        assertEquals(NOTHING, HouseRules.local(FILES));
        assertEquals(
                Set.of("docs/bad.md"),
                HouseRules.local(List.of(
                        new SourceFile("docs/bad.md", "before\n" + line + "\nafter"),
                        new SourceFile("docs/good.md", "https://maven.apache.org network/"))));
    }

    /** A nested class is in the file of its outermost class. */
    private static String sourceOf(JavaClass type) {
        JavaClass outermost = type;
        while (outermost.getEnclosingClass().isPresent()) {
            outermost = outermost.getEnclosingClass().get();
        }
        return "src/main/java/" + outermost.getName().replace('.', '/') + ".java";
    }
}

package dev.polywire.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules for files and names; each gives what breaks it. */
final class HouseRules {

    static final int MAX_LINES = 400;

    /** Nothing from outside becomes an object of a class that it names. */
    static final ArchRule NO_JAVA_SERIALIZATION = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.io.ObjectInputStream")
            .as("no Java serialization");

    /** Packages can be read one after the other. */
    static final ArchRule NO_CYCLES =
            slices().matching("dev.polywire.(**)").should().beFreeOfCycles().as("no packages that use each other");

    private static final Pattern NULL_MARKED = Pattern.compile("^@NullMarked\\b", Pattern.MULTILINE);

    /** Names that say how a class is made, not what it is. */
    private static final Pattern EMPTY_NAME =
            Pattern.compile("(Abstract|Base|Default)\\p{Lu}.*|.*(Impl|Utils?|Helper|Manager)");

    private static final Pattern LEFT_FOR_LATER = Pattern.compile("\\b(TODO|FIXME)\\b");

    /** What is true on one machine only. In parts, because this file is searched too. */
    private static final List<String> LOCAL =
            List.of("repo." + "maven", "registry." + "npmjs", "/wor" + "k/", "/tmp" + "/wt");

    private HouseRules() {}

    /** Java files with more than {@value #MAX_LINES} lines. */
    static Set<String> tooLong(List<SourceFile> files) {
        return paths(files.stream()
                .filter(SourceFile::isJava)
                .filter(file -> file.text().lines().count() > MAX_LINES));
    }

    /** Main packages, as directories, without a package-info.java that says {@code @NullMarked}. */
    static Set<String> notNullMarked(List<SourceFile> files) {
        Set<String> marked = files.stream()
                .filter(file -> file.name().equals("package-info.java"))
                .filter(file -> NULL_MARKED.matcher(file.text()).find())
                .map(SourceFile::directory)
                .collect(Collectors.toSet());
        return files.stream()
                .filter(file -> file.isMain() && file.isJava())
                .map(SourceFile::directory)
                .filter(directory -> !marked.contains(directory))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Class names that begin or end with a word that says nothing. */
    static Set<String> emptyNames(Stream<String> simpleNames) {
        return simpleNames
                .filter(name -> EMPTY_NAME.matcher(name).matches())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Main files with a note about work left undone. */
    static Set<String> leftForLater(List<SourceFile> files) {
        return paths(files.stream()
                .filter(SourceFile::isMain)
                .filter(file -> LEFT_FOR_LATER.matcher(file.text()).find()));
    }

    /** Files that name a place of the machine they were written on. */
    static Set<String> local(List<SourceFile> files) {
        return paths(files.stream().filter(file -> LOCAL.stream().anyMatch(file.text()::contains)));
    }

    private static Set<String> paths(Stream<SourceFile> files) {
        return files.map(SourceFile::path).collect(Collectors.toCollection(TreeSet::new));
    }
}

# To be sourced: Java with libraries from Maven's repository, with all its files in $folder, which is removed when the script ends.
# Needs a JDK 17 and Maven 3.8.

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Prints a library, group:artifact:version, as a dependency.
dependency() {
  IFS=: read -r group artifact version <<<"$1"
  cat <<XML
    <dependency>
      <groupId>$group</groupId>
      <artifactId>$artifact</artifactId>
      <version>$version</version>
    </dependency>
XML
}

# Runs $folder/Main.java with libraries, group:artifact:version each, and what they need. Prints what it prints, and fails when that
# is not what the lines of the script with "#> " say.
run_with() {
  cat >"$folder/pom.xml" <<XML
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
$(for library; do dependency "$library"; done)
  </dependencies>
</project>
XML
  mvn -q -B -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies \
    -DoutputDirectory="$folder/lib" >&2
  java -cp "$folder/lib/*" "$folder/Main.java" 2>"$folder/log" | tee "$folder/seen" || { cat "$folder/log" >&2; return 1; }
  diff <(sed -n 's/^#> //p' "$0") "$folder/seen"
}

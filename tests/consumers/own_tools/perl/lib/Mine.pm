package Mine;

# A module that comes with a repository's own Perl.

use strict;
use warnings;

sub answer { return 42 }

1;

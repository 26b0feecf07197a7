package Library::Runtime::Null;

# The null of JSON as an argument of its own: undef means that an argument is not given.

use strict;
use warnings;

use overload
  '""'     => sub { return 'NULL' },
  'bool'   => sub { return 0 },
  fallback => 1;

my $null = bless \my $nothing, __PACKAGE__;

sub value { return $null }

sub TO_JSON { return undef }    ## no critic (ProhibitExplicitReturnUndef) -- in a list, too

1;

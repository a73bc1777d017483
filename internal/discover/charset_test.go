package discover

import (
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func encode(t interface{ Fatal(...any) }, name, text string) []byte {
	enc, err := Encoding(name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := enc.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Real tables and real sentences: the encoding is guessed, or for languages
// whose encodings are not guessed at least no East Asian one.
func TestGuesses(t *testing.T) {
	russian := []string{
		"город;улица;дом\nМосква;Тверская улица;12\nТула;проспект Ленина;7\n",
		"да;нет;да\nда;да;нет\nДА;НЕТ;ДА\n",
		"Все люди рождаются свободными и равными в своём достоинстве и правах. Они наделены разумом и совестью.\n",
		"ФАМИЛИЯ;ИМЯ;ОТЧЕСТВО\nИВАНОВ;ПЁТР;ИЛЬИЧ\nСМИРНОВА;АННА;ЛЬВОВНА\n",
		"id,name\n1,Москва\n2,Омск\n3,Тверь\n",
		"дата;сумма, руб.;контрагент\n01.02.2024;12 500,00;ООО Ромашка\n02.02.2024;7,5;ИП Сидоров А. Б.\n",
	}
	chinese := []string{
		"姓名,城市,年龄\n张伟,北京,31\n王芳,上海,27\n李娜,广州,45\n",
		"人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。\n",
		"id;产品;数量\n1;苹果手机;12\n2;笔记本电脑;3\n",
	}
	traditional := []string{
		"姓名,城市,年齡\n陳怡君,臺北,31\n林志豪,高雄,27\n",
		"人人生而自由，在尊嚴和權利上一律平等。他們賦有理性和良心，並應以兄弟關係的精神相對待。\n",
		"id;產品;數量\n1;筆記型電腦;12\n2;印表機;3\n",
	}
	japanese := []string{
		"名前,都市,年齢\n佐藤さくら,東京,31\n鈴木たろう,大阪,27\n",
		"すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。\n",
		"id;商品;数量\n1;ノートパソコン;12\n2;プリンター;3\n",
	}
	korean := []string{
		"이름,도시,나이\n김민준,서울,31\n이서연,부산,27\n",
		"모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.\n",
		"id;제품;수량\n1;노트북 컴퓨터;12\n2;프린터;3\n",
	}
	for name, texts := range map[string][]string{
		"windows-1251": russian, "koi8-r": russian, "ibm866": russian,
		"gb18030": chinese, "big5": traditional, "shift_jis": japanese, "euc-jp": japanese, "euc-kr": korean,
		"windows-1252": {
			"Nom;Prénom;Ville\nLefèvre;Zoé;Besançon\nNoël;Hélène;Orléans\n",
			"MÄRZ;JÄNNER;GRÖSSE;ÜBERGRÖSSE\nFÜR ÖSTERREICH;ÄÖÜ;STRASSE;MÜLLER\n",
			"It’s what they don’t say that’s worth it; we’re sure you’ll see.\n",
			"Todos los seres humanos nacen libres e iguales en dignidad y derechos; está aquí, mañana, corazón, niños.\n",
			"“Quoted” – and so on… “again”\n",
			"Alla människor är födda fria och lika i värde och rättigheter. Blåbärssås på ön; åäö ÅÄÖ.\n",
		},
	} {
		for _, text := range texts {
			for _, end := range []string{"\n", "\r\n"} {
				text = strings.ReplaceAll(text, "\n", end)
				if got, ok := detect(encode(t, name, text), true); !ok || got != name {
					t.Errorf("%s is taken for %s: %s", name, got, text)
				}
			}
		}
	}
	for name, text := range map[string]string{
		"windows-1250": "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i praw. Łódź; źdźbło; żółć; gęślą jaźń\n",
		"iso-8859-2":   "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv. Příliš žluťoučký kůň úpěl ďábelské ódy\n",
		"windows-1253": "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.\n",
		"windows-1254": "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Çığ; ığdır; şişli; GÖĞÜŞ\n",
		"windows-1255": "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם.\n",
		"windows-1256": "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق.\n",
		"windows-874":  "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ\n",
		"koi8-u":       "Всі люди народжуються вільними і рівними у своїй гідності та правах. Київ; Львів; Їжак; Європа\n",
		"iso-8859-5":   "Все люди рождаются свободными и равными в своём достоинстве и правах.\n",
		"ibm855":       "Все люди рождаются свободными и равными в своём достоинстве и правах.\n",
	} {
		if got, ok := detect(encode(t, name, text), true); !ok || isEastAsian(got) {
			t.Errorf("%s is taken for %s", name, got)
		}
	}
}

func isEastAsian(name string) bool {
	for _, e := range doubleBytes() {
		if e.name == name {
			return true
		}
	}
	return false
}

// However few of the words of a Russian text there are: it is never taken for
// an East Asian one.
func TestRussianStaysRussian(t *testing.T) {
	page, err := os.ReadFile("../../docs/guide/studio.ru.md")
	if err != nil {
		t.Fatal(err)
	}
	page2, err := os.ReadFile("../../docs/reference/components.ru.md")
	if err != nil {
		t.Fatal(err)
	}
	words := strings.FieldsFunc(string(page)+string(page2), func(r rune) bool {
		return !(r >= 'а' && r <= 'я' || r >= 'А' && r <= 'Я' || r == 'ё' || r == 'Ё')
	})
	if len(words) < 1000 {
		t.Fatalf("only %d words", len(words))
	}
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfN(rapid.SampledFrom(words), 1, 12).Draw(t, "words")
		text := strings.Join(some, rapid.SampledFrom([]string{";", ",", " ", "\n", "\t"}).Draw(t, "between"))
		if rapid.Bool().Draw(t, "capitals") {
			text = strings.ToUpper(text)
		}
		names := []string{"windows-1251", "koi8-r", "ibm866"}
		if text == strings.ToLower(text) { // else they may look like Korean, and are not guessed in any case
			names = append(names, "iso-8859-5", "x-mac-cyrillic")
		}
		for _, name := range names {
			b := encode(t, name, text)
			if got, _ := detect(b, true); isEastAsian(got) {
				t.Fatalf("%q in %s is taken for %s", text, name, got)
			}
		}
	})
}
